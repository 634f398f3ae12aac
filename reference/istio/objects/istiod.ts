import { stringify } from 'yaml';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { revision as defaultRevision } from '../injection.ts';
import { rootNamespace, trustDomain } from '../names.ts';
import { ofRevision } from '../revisions.ts';

/** The mesh's settings, its root certificate, and istiod with its Service. */
export function istiodObjects(
  version: string,
  rootCertificate: string,
  revision: string = defaultRevision,
): KubeObject[] {
  const name = ofRevision('istiod', revision);
  const mesh = stringify({
    rootNamespace,
    trustDomain,
    enablePrometheusMerge: true,
    defaultConfig: { discoveryAddress: `${name}.${rootNamespace}.svc:15012` },
  });
  const labels = labelsOf(revision);
  const metadata = { name, namespace: rootNamespace, labels: { ...labels, 'istio.io/rev': revision } };
  return [
    configMap(ofRevision('istio', revision), { mesh, meshNetworks: 'networks: {}' }),
    configMap('istio-ca-root-cert', { 'root-cert.pem': rootCertificate }),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: rootNamespace } },
    service(metadata, labels),
    deployment(version, metadata, labels),
  ];
}

/** What its pods are selected by. */
function labelsOf(revision: string): Record<string, string> {
  return revision === defaultRevision
    ? { app: 'istiod', istio: 'pilot' }
    : { app: 'istiod', 'istio.io/rev': revision };
}

function configMap(name: string, data: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: rootNamespace }, data };
}

function service(metadata: KubeObject['metadata'], selector: Record<string, string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      selector,
      ports: [
        { name: 'grpc-xds', port: 15010 },
        { name: 'https-dns', port: 15012 },
        { name: 'https-webhook', port: 443, targetPort: 15017 },
        { name: 'http-monitoring', port: 15014 },
      ],
    },
  };
}

function deployment(
  version: string,
  metadata: KubeObject['metadata'],
  labels: Record<string, string>,
): KubeObject {
  const discovery = {
    name: 'discovery',
    image: `docker.io/istio/pilot:${version}`,
    args: ['discovery', '--monitoringAddr=:15014', '--domain', trustDomain],
    ports: [
      { containerPort: 8080 },
      { containerPort: 15010 },
      { containerPort: 15012 },
      { containerPort: 15014 },
      { containerPort: 15017 },
    ],
    readinessProbe: {
      httpGet: { path: '/ready', port: 8080 },
      initialDelaySeconds: 1,
      periodSeconds: 3,
      timeoutSeconds: 5,
    },
  };
  const template = {
    metadata: { labels: { ...labels, 'sidecar.istio.io/inject': 'false' } },
    spec: { serviceAccountName: metadata.name, containers: [discovery] },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { replicas: 1, selector: { matchLabels: labels }, template },
  };
}

import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { rootNamespace, trustDomain } from '../names.ts';
import { proxyEnv, proxyImage, proxyReadiness } from './templates.ts';

const name = 'istio-ingressgateway';
const labels = { app: name, istio: 'ingressgateway' };
const metadata = { name, namespace: rootNamespace, labels };
const account = `${name}-service-account`;

/** The ingress gateway of the default profile. Its load balancer's address stays pending. */
export function gatewayObjects(version: string, httpNodePort: number | undefined): KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace: rootNamespace } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: 'LoadBalancer',
        selector: labels,
        ports: [
          { name: 'status-port', port: 15021 },
          {
            name: 'http2',
            port: 80,
            targetPort: 8080,
            ...(httpNodePort !== undefined && { nodePort: httpNodePort }),
          },
          { name: 'https', port: 443, targetPort: 8443 },
        ],
      },
    },
    deployment(version),
  ];
}

function deployment(version: string): KubeObject {
  const proxy = {
    name: 'istio-proxy',
    image: proxyImage(version),
    args: ['proxy', 'router', '--domain', `$(POD_NAMESPACE).svc.${trustDomain}`],
    ports: [15021, 8080, 8443, 15090].map((containerPort) => ({ containerPort })),
    env: proxyEnv,
    readinessProbe: proxyReadiness,
  };
  const template = {
    metadata: { labels: { ...labels, 'sidecar.istio.io/inject': 'false' } },
    spec: { serviceAccountName: account, containers: [proxy] },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { replicas: 1, selector: { matchLabels: labels }, template },
  };
}

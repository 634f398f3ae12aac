import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { type Component, components } from './components.ts';

const namespace = 'default';
const registry = 'us-central1-docker.pkg.dev/online-boutique-ci/microservices-demo';

/**
 * The shop's objects, in an order in which they can be made.
 *
 * @param version Online Boutique's release, such as `v0.10.6`.
 */
export function shopObjects(version: string): KubeObject[] {
  return [
    ...components.map(({ name }) => serviceAccount(name)),
    ...components.map((component) => service(component)),
    externalService(),
    ...components.map((component) => deployment(component, version)),
  ];
}

function serviceAccount(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
}

function service({ name, port: { containerPort, ...port } }: Component): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { app: name } },
    spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ ...port, targetPort: containerPort }] },
  };
}

/** The way to the front end past the gateway. */
function externalService(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'frontend-external', namespace, labels: { app: 'frontend' } },
    spec: {
      type: 'LoadBalancer',
      selector: { app: 'frontend' },
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    },
  };
}

/** As Online Boutique's manifest has it: all that the standard `restricted` asks for but a seccomp profile. */
const podSecurity = { fsGroup: 1000, runAsGroup: 1000, runAsNonRoot: true, runAsUser: 1000 };
const containerSecurity = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
};

function deployment({ name, port, image }: Component, version: string): KubeObject {
  const labels = { app: name };
  const container = {
    name: 'server',
    image: image ?? `${registry}/${name}:${version}`,
    ports: [{ containerPort: port.containerPort }],
    env: [{ name: 'PORT', value: String(port.containerPort) }],
    securityContext: containerSecurity,
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          terminationGracePeriodSeconds: 5,
          securityContext: podSecurity,
          containers: [container],
        },
      },
    },
  };
}

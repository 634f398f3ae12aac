import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { builtInAdmission } from '../../../reference/cluster/admission/plugins.ts';
import { startCluster } from '../../../reference/cluster/cluster.ts';
import { freshCluster } from '../../../reference/cluster/objects.ts';
import { type AdmissionPlugin, Operations } from '../../../reference/store/operations.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { Store } from '../../../reference/store/store.ts';
import { FakeNetwork, FakeProgram } from './fakes.ts';

export const deploymentKey = 'Deployment.apps';
export const replicaSetKey = 'ReplicaSet.apps';

/** A cluster of two nodes without anything on them, whose programs and network are fakes. */
export function openCluster({ webhooks = [] as AdmissionPlugin[], timeScale = 0 } = {}) {
  const store = new Store(resourceTypes);
  const { beforeWebhooks, afterWebhooks } = builtInAdmission(store);
  const operations = new Operations(store, [...beforeWebhooks, ...webhooks, ...afterWebhooks]);
  const network = new FakeNetwork();
  const program = new FakeProgram();
  const releases = { kubernetes: 'v1.34.4', calico: 'v3.32.1', calicoApi: 'native crds' } as const;
  const empty = freshCluster(releases).filter(({ kind }) => kind === 'Node' || kind === 'Namespace');
  for (const object of empty) store.create(object);
  const cluster = startCluster({ store, operations, network, programs: [program], timeScale });
  const typeOf = (apiVersion: string, kind: string) => {
    const type = store.typeOf(apiVersion, kind);
    if (type === undefined) throw new Error(`no kind ${kind}`);
    return type;
  };
  return {
    store,
    operations,
    network,
    program,
    cluster,
    deploymentType: typeOf('apps/v1', 'Deployment'),
    namespaceType: typeOf('v1', 'Namespace'),
    serviceType: typeOf('v1', 'Service'),
    podType: typeOf('v1', 'Pod'),
    deployment: (name = 'web', namespace = 'default') => store.find(deploymentKey, name, namespace)!,
    /** Those of one Deployment, in the order of their revisions. */
    replicaSets: (namespace = 'default') =>
      store.list(replicaSetKey, namespace).toSorted((a, b) => Number(revisionOf(a)) - Number(revisionOf(b))),
    pods: (namespace = 'default') => store.list('Pod', namespace),
    patch: (body: unknown, name = 'web', namespace = 'default') =>
      operations.patch(typeOf('apps/v1', 'Deployment'), name, namespace, { type: 'merge', body }).object,
  };
}

export type TestCluster = ReturnType<typeof openCluster>;

export function revisionOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.['deployment.kubernetes.io/revision'];
}

/** Until everything that was begun and needs no timer is done. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Until something holds that needs timers, all of which are as short as can be here. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

export function deploymentOf(
  {
    name = 'web',
    namespace = 'default',
    ...spec
  }: { name?: string; namespace?: string; [field: string]: unknown } = {},
  container: object = {},
): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      ...spec,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'app:1', ...container }] },
      },
    },
  };
}

export function serviceOf(spec: object = {}, name = 'web', namespace = 'default'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
  };
}

/** A restart as `kubectl rollout restart` asks for it. */
export function restartedAt(when: string): object {
  return {
    spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': when } } } },
  };
}

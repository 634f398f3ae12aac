import type { KubeConfig } from '@kubernetes/client-node';
import { test as base } from '@playwright/test';
import { Cluster } from '../../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../../fixtures/cluster/kubeconfig.ts';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { type ApiCertificates, makeApiCertificates } from '../../../reference/api/certificates.ts';
import { writeKubeconfig } from '../../../reference/api/kubeconfig.ts';
import { type ApiServer, startApiServer } from '../../../reference/api/server.ts';
import { Operations } from '../../../reference/store/operations.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { Store } from '../../../reference/store/store.ts';
import { FakePods } from './fake-pods.ts';

/** A server on an empty store with one namespace, `shop`, and the suite's own client for it. */
export interface Mesh {
  store: Store;
  pods: FakePods;
  server: ApiServer;
  config: KubeConfig;
  cluster: Cluster;
}

/** How many events the stores of these tests remember: few, so that it is easy to be forgotten. */
export const remembered = 8;

export const test = base.extend<{ mesh: Mesh }, { certificates: ApiCertificates }>({
  certificates: [async ({}, use) => use(await makeApiCertificates()), { scope: 'worker' }],

  mesh: async ({ certificates }, use, info) => {
    const store = new Store(resourceTypes, { history: remembered });
    const pods = new FakePods();
    const server = await startApiServer({
      store,
      operations: new Operations(store, []),
      pods,
      version: 'v1.34.4',
      bookmarkMs: 40,
      certificates,
    });
    const file = info.outputPath('kubeconfig');
    writeKubeconfig(file, server, 'reference');
    const config = loadKubeConfig({ kubeconfig: file, context: 'reference' });
    const cluster = Cluster.connect(config, { fieldManager: 'tester' });
    store.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop' },
      status: { phase: 'Active' },
    });
    await use({ store, pods, server, config, cluster });
    await cluster.close();
    await server.close();
  },
});

/** Long enough for any machine: only a test that fails waits for it. */
export const ample = 20_000;

export function configMap(name: string, more: Partial<KubeObject> = {}): KubeObject {
  const { metadata, ...rest } = more;
  return { apiVersion: 'v1', kind: 'ConfigMap', ...rest, metadata: { name, namespace: 'shop', ...metadata } };
}

export function pod(
  name: string,
  spec: object = { containers: [{ name: 'main', image: 'app' }] },
  status?: object,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec,
    ...(status !== undefined && { status }),
  };
}

/** What a promise is rejected with; a promise that holds is an error. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof Error) return outcome.error;
  throw new Error(`Expected an error, got ${JSON.stringify(outcome)}`);
}

import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { isReady } from '../../../fixtures/cluster/pods.ts';
import { rolloutPending } from '../../../fixtures/cluster/rollout-state.ts';
import { builtInAdmission } from '../../../reference/cluster/admission/plugins.ts';
import { startCluster } from '../../../reference/cluster/cluster.ts';
import { freshCluster } from '../../../reference/cluster/objects.ts';
import { Operations } from '../../../reference/store/operations.ts';
import { keyOf } from '../../../reference/store/resource-type.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { Store } from '../../../reference/store/store.ts';
import { settled } from './cluster.ts';
import { FakeNetwork, FakeProgram } from './fakes.ts';

const releases = { kubernetes: 'v1.34.4', calico: 'v3.32.1', calicoApi: 'native crds' } as const;

function storeOf(objects: readonly KubeObject[]): Store {
  const store = new Store(resourceTypes);
  for (const object of objects) store.create(object);
  return store;
}

test('the controllers of a fresh cluster bring Calico up', async () => {
  const store = storeOf(freshCluster(releases));
  const { beforeWebhooks } = builtInAdmission(store);
  const program = new FakeProgram();
  program.runs = ({ image }) => image.startsWith('quay.io/calico/');
  const cluster = startCluster({
    store,
    operations: new Operations(store, beforeWebhooks),
    network: new FakeNetwork(),
    programs: [program],
  });
  await settled();
  const workloads = [...store.list('DaemonSet.apps'), ...store.list('Deployment.apps')];
  expect(workloads.map(({ metadata }) => metadata.name)).toEqual([
    'calico-node',
    'csi-node-driver',
    'calico-kube-controllers',
  ]);
  for (const workload of workloads) expect(rolloutPending(workload)).toBeUndefined();
  const pods = store.list('Pod', 'kube-system');
  expect(pods).toHaveLength(5);
  expect(pods.every(isReady)).toBe(true);
  cluster.close();
});

test('what the suite reads of a cluster is there', () => {
  const store = storeOf(freshCluster(releases));
  for (const name of ['reference-control-plane', 'reference-worker']) {
    const node = store.find('Node', name);
    expect(node?.status, name).toMatchObject({
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }, {}],
      nodeInfo: { kubeletVersion: 'v1.34.4', kernelVersion: 'reference' },
    });
    expect(store.find('CSINode.storage.k8s.io', name)?.spec, name).toMatchObject({
      drivers: [{ name: 'csi.tigera.io' }],
    });
  }
  expect(store.find('CSIDriver.storage.k8s.io', 'csi.tigera.io')).toBeDefined();
  expect(store.find('ClusterInformation.projectcalico.org', 'default')?.spec).toMatchObject({
    calicoVersion: 'v3.32.1',
  });
  expect(store.find('FelixConfiguration.projectcalico.org', 'default')?.spec).toEqual({});
  expect(store.find('Service', 'kubernetes', 'default')?.spec).toMatchObject({ clusterIP: '10.96.0.1' });
  for (const { metadata } of store.list('Namespace')) {
    expect(metadata.labels).toEqual({ 'kubernetes.io/metadata.name': metadata.name });
  }
});

const apis = [
  { calicoApi: 'native crds', aggregated: false, crd: 'globalnetworkpolicies.projectcalico.org' },
  { calicoApi: 'api server', aggregated: true, crd: 'globalnetworkpolicies.crd.projectcalico.org' },
] as const;
for (const { calicoApi, aggregated, crd } of apis) {
  test(`Calico's API is served by ${calicoApi}`, () => {
    const store = storeOf(freshCluster({ ...releases, calicoApi }));
    const service = store.find('APIService.apiregistration.k8s.io', 'v3.projectcalico.org');
    expect((service!.spec as { service?: unknown }).service !== undefined).toBe(aggregated);
    const definitions = store.list('CustomResourceDefinition.apiextensions.k8s.io');
    const names = definitions.map(({ metadata }) => metadata.name);
    expect(names).toContain(crd);
    expect(names).toContain('peerauthentications.security.istio.io');
    const custom = resourceTypes.filter(({ group }) => /istio\.io$|projectcalico\.org$/.test(group));
    expect(names).toHaveLength(custom.map(keyOf).length);
  });
}

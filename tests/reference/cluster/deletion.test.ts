import { expect, test } from '@playwright/test';
import {
  deploymentKey,
  deploymentOf,
  openCluster,
  replicaSetKey,
  serviceOf,
  settled,
  type TestCluster,
} from './cluster.ts';

/** What went, in its order. */
function departures({ store }: TestCluster): string[] {
  const gone: string[] = [];
  store.subscribe(undefined, ({ type, object }) => {
    if (type === 'DELETED') gone.push(object.kind);
  });
  return gone;
}

test('in the background the owner goes first', async () => {
  const cluster = openCluster();
  cluster.operations.create(deploymentOf());
  await settled();
  const gone = departures(cluster);
  cluster.operations.delete(cluster.deploymentType, 'web', 'default', { propagation: 'Background' });
  expect(cluster.store.find(deploymentKey, 'web', 'default')).toBeUndefined();
  await settled();
  expect(gone).toEqual(['Deployment', 'ReplicaSet', 'Pod']);
  expect(cluster.program.running).toEqual([]);
  expect([...cluster.network.attached.values()].filter(({ pod }) => pod !== undefined)).toEqual([]);
  cluster.cluster.close();
});

test('in the foreground the owner goes last', async () => {
  const cluster = openCluster();
  cluster.operations.create(deploymentOf({ replicas: 2 }));
  await settled();
  const gone = departures(cluster);
  cluster.operations.delete(cluster.deploymentType, 'web', 'default', { propagation: 'Foreground' });
  expect(cluster.deployment().metadata.finalizers).toEqual(['foregroundDeletion']);
  await settled();
  expect(gone).toEqual(['Pod', 'Pod', 'ReplicaSet', 'Deployment']);
  cluster.cluster.close();
});

test('a Service in the foreground takes its slices and Endpoints along', async () => {
  const cluster = openCluster();
  cluster.operations.create(serviceOf());
  await settled();
  expect(cluster.store.find('Endpoints', 'web', 'default')).toBeDefined();
  cluster.operations.delete(cluster.serviceType, 'web', 'default', { propagation: 'Foreground' });
  await settled();
  for (const key of ['Service', 'Endpoints', 'EndpointSlice.discovery.k8s.io']) {
    expect(cluster.store.list(key), key).toEqual([]);
  }
  cluster.cluster.close();
});

test('orphans stay, and are adopted by who selects them', async () => {
  const cluster = openCluster();
  cluster.operations.create(deploymentOf());
  await settled();
  const [pod] = cluster.pods();
  cluster.operations.delete(cluster.deploymentType, 'web', 'default', { propagation: 'Orphan' });
  await settled();
  expect(cluster.store.find(deploymentKey, 'web', 'default')).toBeUndefined();
  expect(cluster.replicaSets()).toHaveLength(1);
  expect(cluster.replicaSets()[0]?.metadata.ownerReferences).toBeUndefined();

  cluster.operations.create(deploymentOf());
  await settled();
  expect(cluster.replicaSets()).toHaveLength(1);
  expect(cluster.pods().map(({ metadata }) => metadata.uid)).toEqual([pod?.metadata.uid]);
  cluster.cluster.close();
});

test('what has lost its only owner goes, what has another stays', async () => {
  const cluster = openCluster();
  const configMap = (name: string, owners: object[] = []) =>
    cluster.operations.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default', ownerReferences: owners as never },
    });
  const ownerOf = ({ metadata }: { metadata: { name: string; uid?: string } }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: metadata.name,
    uid: metadata.uid,
  });
  const [a, b] = [configMap('a'), configMap('b')];
  configMap('of-a', [ownerOf(a)]);
  configMap('of-both', [ownerOf(a), ownerOf(b)]);
  configMap('of-none', [{ ...ownerOf(a), uid: 'never-seen' }]);
  await settled();
  expect(cluster.store.find('ConfigMap', 'of-none', 'default')).toBeUndefined();
  cluster.operations.delete(cluster.store.typeOf('v1', 'ConfigMap')!, 'a', 'default');
  await settled();
  expect(cluster.store.list('ConfigMap').map(({ metadata }) => metadata.name)).toEqual(['b', 'of-both']);
  const kept = cluster.store.find('ConfigMap', 'of-both', 'default');
  expect(kept?.metadata.ownerReferences).toMatchObject([{ name: 'b' }]);
  cluster.cluster.close();
});

test('a namespace goes after everything in it', async () => {
  const cluster = openCluster();
  cluster.operations.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  cluster.operations.create(deploymentOf({ namespace: 'shop' }));
  cluster.operations.create(serviceOf({}, 'web', 'shop'));
  cluster.operations.create(deploymentOf());
  await settled();
  expect(cluster.store.find('ServiceAccount', 'default', 'shop')).toBeDefined();
  const gone = departures(cluster);
  const marked = cluster.operations.delete(cluster.namespaceType, 'shop', undefined);
  expect(marked.status).toEqual({ phase: 'Terminating' });
  await settled();
  expect(cluster.store.find('Namespace', 'shop')).toBeUndefined();
  expect(gone.at(-1)).toBe('Namespace');
  const left = cluster.store.types
    .filter(({ namespaced }) => namespaced)
    .flatMap(({ group, kind }) => cluster.store.list(group === '' ? kind : `${kind}.${group}`, 'shop'));
  expect(left).toEqual([]);
  expect(cluster.pods()).toHaveLength(1);
  cluster.cluster.close();
});

test('a finalizer keeps an object, and its namespace', async () => {
  const cluster = openCluster();
  cluster.operations.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  cluster.operations.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'held', namespace: 'shop', finalizers: ['example.com/held'] },
  });
  cluster.operations.delete(cluster.namespaceType, 'shop', undefined);
  await settled();
  expect(cluster.store.find('Namespace', 'shop')).toBeDefined();
  const held = cluster.store.find('ConfigMap', 'held', 'shop');
  expect(held?.metadata.deletionTimestamp).toBeDefined();
  cluster.operations.update({ ...held!, metadata: { ...held!.metadata, finalizers: [] } });
  await settled();
  expect(cluster.store.find('Namespace', 'shop')).toBeUndefined();
  cluster.cluster.close();
});

test('a ReplicaSet that is being deleted makes no more pods', async () => {
  const cluster = openCluster();
  cluster.operations.create(deploymentOf());
  await settled();
  const [pod] = cluster.pods();
  cluster.store.change('Pod', pod!.metadata.name, 'default', ({ metadata }) => {
    metadata.finalizers = ['example.com/held'];
  });
  cluster.operations.delete(cluster.deploymentType, 'web', 'default', { propagation: 'Foreground' });
  await settled();
  expect(cluster.pods().map(({ metadata }) => metadata.uid)).toEqual([pod?.metadata.uid]);
  expect(cluster.store.list(replicaSetKey)).toHaveLength(1);
  cluster.cluster.close();
});

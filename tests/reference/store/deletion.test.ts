import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { configMap, deployment, pod, refusal, types, world } from './objects.ts';

const secondsFromNow = (time: string | undefined) => (Date.parse(time ?? '') - Date.now()) / 1000;

test('an object that nothing holds is gone at once', () => {
  const { store, operations: api } = world();
  const created = api.create(configMap('c'));
  expect(api.delete(types.configMap, 'c', 'shop', { propagation: 'Foreground' })).toBe(created);
  expect(store.find('ConfigMap', 'c', 'shop')).toBeUndefined();
  expect(refusal(() => api.delete(types.configMap, 'c', 'shop')).message).toBe('configmaps "c" not found');
});

test('only the very object that is meant is deleted', () => {
  const { store, operations: api } = world();
  const { uid = '', resourceVersion = '' } = api.create(configMap('c')).metadata;
  const error = refusal(() => api.delete(types.configMap, 'c', 'shop', { uid: 'x' }));
  expect(error).toMatchObject({
    code: 409,
    message: `Operation cannot be fulfilled on configmaps "c": Precondition failed: UID in precondition: x, UID in object meta: ${uid}`,
  });
  expect(refusal(() => api.delete(types.configMap, 'c', 'shop', { resourceVersion: '0' })).code).toBe(409);
  expect(store.find('ConfigMap', 'c', 'shop')).toBeDefined();
  api.delete(types.configMap, 'c', 'shop', { uid, resourceVersion });
  expect(store.find('ConfigMap', 'c', 'shop')).toBeUndefined();
});

test('an object with finalizers goes with the last of them, and gets no new ones', () => {
  const { store, operations: api } = world();
  const metadata = { ...configMap('c').metadata, finalizers: ['example.com/a', 'example.com/b'] };
  api.create({ ...configMap('c'), metadata });
  const marked = api.delete(types.configMap, 'c', 'shop');
  expect(marked.metadata).toMatchObject({
    deletionTimestamp: expect.any(String),
    deletionGracePeriodSeconds: 0,
  });
  const set = (...finalizers: string[]) =>
    api.patch(types.configMap, 'c', 'shop', { type: 'merge', body: { metadata: { finalizers } } });
  expect(refusal(() => set('example.com/a', 'example.com/c')).message).toContain(
    'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/c"}',
  );
  const body = { metadata: { deletionTimestamp: null } };
  const kept = api.patch(types.configMap, 'c', 'shop', { type: 'merge', body }).object;
  expect(kept.metadata.deletionTimestamp).toBe(marked.metadata.deletionTimestamp);
  set('example.com/b');
  expect(store.find('ConfigMap', 'c', 'shop')).toBeDefined();
  const events: string[] = [];
  store.subscribe('ConfigMap', ({ type }) => events.push(type));
  set();
  expect(events).toEqual(['DELETED']);
});

test('the last finalizer of an object that stays takes nothing with it', () => {
  const { store, operations: api } = world();
  api.create({ ...configMap('c'), metadata: { ...configMap('c').metadata, finalizers: ['example.com/a'] } });
  api.patch(types.configMap, 'c', 'shop', { type: 'merge', body: { metadata: { finalizers: null } } });
  expect(store.find('ConfigMap', 'c', 'shop')).toBeDefined();
});

const workloads: [
  propagation: 'Foreground' | 'Background' | 'Orphan' | undefined,
  finalizers: string[] | undefined,
][] = [
  ['Foreground', ['foregroundDeletion']],
  ['Orphan', ['orphan']],
  ['Background', undefined],
  [undefined, undefined],
];
for (const [propagation, finalizers] of workloads) {
  test(`a Deployment deleted with propagation ${propagation ?? 'unsaid'} ${finalizers ? `waits: ${finalizers}` : 'is gone'}`, () => {
    const { store, operations: api } = world();
    api.create(deployment({}));
    api.delete(types.deployment, 'web', 'shop', { propagation });
    expect(store.find('Deployment.apps', 'web', 'shop')?.metadata.finalizers).toEqual(finalizers);
    if (finalizers === undefined) return;
    api.delete(types.deployment, 'web', 'shop', { propagation: 'Background' });
    expect(store.find('Deployment.apps', 'web', 'shop')).toBeUndefined();
  });
}

test('any object that owns others waits for the garbage collector in the foreground', () => {
  const { operations: api } = world();
  const { uid = '' } = api.create(configMap('owner')).metadata;
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid };
  api.create({ ...configMap('c'), metadata: { ...configMap('c').metadata, ownerReferences: [owner] } });
  const marked = api.delete(types.configMap, 'owner', 'shop', { propagation: 'Foreground' });
  expect(marked.metadata.finalizers).toEqual(['foregroundDeletion']);
});

interface Grace {
  what: string;
  spec?: object;
  status?: object;
  asked?: number;
  /** Seconds; undefined when the Pod is gone at once. */
  grace: number | undefined;
}
const running = { nodeName: 'node-1' };
const graces: Grace[] = [
  { what: 'of its own', spec: { ...running, terminationGracePeriodSeconds: 5 }, grace: 5 },
  { what: 'by default', spec: running, grace: 30 },
  { what: 'as asked', spec: { ...running, terminationGracePeriodSeconds: 5 }, asked: 7, grace: 7 },
  { what: 'of none', spec: running, asked: 0, grace: undefined },
  { what: 'of none when it runs nowhere', spec: {}, asked: 7, grace: undefined },
  { what: 'of none when it has ended', spec: running, status: { phase: 'Succeeded' }, grace: undefined },
];
for (const { what, spec = {}, status = {}, asked, grace } of graces) {
  test(`a Pod gets a grace period ${what}`, () => {
    const { store, operations: api } = world();
    store.create({ ...pod(spec as Record<string, unknown>), status } as KubeObject);
    const { metadata } = api.delete(types.pod, 'web', 'shop', { gracePeriodSeconds: asked });
    expect(store.find('Pod', 'web', 'shop') === undefined).toBe(grace === undefined);
    expect(metadata.deletionGracePeriodSeconds).toBe(grace);
    if (grace !== undefined)
      expect(Math.abs(secondsFromNow(metadata.deletionTimestamp) - grace)).toBeLessThan(2);
  });
}

test('a Pod that is ending stays while its status changes, and can only be hurried', () => {
  const { store, operations: api } = world();
  api.create(pod(running));
  const first = api.delete(types.pod, 'web', 'shop');
  const body = { status: { phase: 'Running' } };
  api.patch(types.pod, 'web', 'shop', { type: 'merge', body }, { subresource: 'status' });
  expect(store.find('Pod', 'web', 'shop')?.status).toEqual({ phase: 'Running' });
  const later = api.delete(types.pod, 'web', 'shop', { gracePeriodSeconds: 60 });
  expect(later.metadata.deletionTimestamp).toBe(first.metadata.deletionTimestamp);
  const sooner = api.delete(types.pod, 'web', 'shop', { gracePeriodSeconds: 10 });
  const apart =
    Date.parse(first.metadata.deletionTimestamp!) - Date.parse(sooner.metadata.deletionTimestamp!);
  expect(apart).toBe(20_000);
  api.delete(types.pod, 'web', 'shop', { gracePeriodSeconds: 0 });
  expect(store.find('Pod', 'web', 'shop')).toBeUndefined();
});

test('a Namespace is only marked, also when written to afterwards', () => {
  const { store, operations: api } = world();
  api.delete(types.namespace, 'shop', undefined);
  api.patch(types.namespace, 'shop', undefined, {
    type: 'merge',
    body: { metadata: { labels: { a: 'b' } } },
  });
  expect(store.find('Namespace', 'shop')).toMatchObject({
    metadata: { deletionTimestamp: expect.any(String), labels: { a: 'b' } },
    status: { phase: 'Terminating' },
  });
});

test('a cluster keeps the namespaces it cannot be without', () => {
  const { store, operations: api } = world();
  store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } });
  expect(refusal(() => api.delete(types.namespace, 'kube-system', undefined))).toMatchObject({
    code: 403,
    message: 'namespaces "kube-system" is forbidden: this namespace may not be deleted',
  });
});

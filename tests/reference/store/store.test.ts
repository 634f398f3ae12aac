import { expect, test } from '@playwright/test';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { Store, type StoreEvent } from '../../../reference/store/store.ts';
import { configMap, deployment, refusal } from './objects.ts';

const store = (history?: number) => new Store(resourceTypes, history === undefined ? {} : { history });

test('a created object gets an identity and is frozen all the way down', () => {
  const given = configMap('a', { key: 'value' });
  const created = store().create(given);
  expect(created.metadata).toMatchObject({
    name: 'a',
    namespace: 'shop',
    resourceVersion: '1',
  });
  expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
  expect(created.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(Object.isFrozen(created.data)).toBe(true);
  expect(Object.isFrozen(given.data)).toBe(false);
});

test('names are made from generateName with five characters of the alphabet without vowels', () => {
  const { name: _, ...metadata } = { ...configMap('').metadata, generateName: 'web-' };
  const named = store().create({ ...configMap(''), metadata: metadata as never });
  expect(named.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test('a name can be taken once in each namespace', () => {
  const cluster = store();
  cluster.create(configMap('a'));
  cluster.create(configMap('a', {}, 'other'));
  expect(refusal(() => cluster.create(configMap('a'))).toStatus()).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'configmaps "a" already exists',
    reason: 'AlreadyExists',
    details: { name: 'a', kind: 'configmaps' },
    code: 409,
  });
});

test('an object is stored in the storage version of its kind, whichever served version it came in', () => {
  const cluster = store();
  const metadata = { name: 'a', namespace: 'shop' };
  cluster.create({ apiVersion: 'networking.istio.io/v1beta1', kind: 'Gateway', metadata });
  expect(cluster.find('Gateway.networking.istio.io', 'a', 'shop')?.apiVersion).toBe('networking.istio.io/v1');
  expect(cluster.typeOf('networking.istio.io/v1alpha1', 'Gateway')).toBeUndefined();
});

test('objects are listed by namespace, then name', () => {
  const cluster = store();
  for (const [namespace, name] of [
    ['b', 'a'],
    ['a-b', 'x'],
    ['a', 'y'],
    ['a', 'x'],
  ] as const) {
    cluster.create(configMap(name, {}, namespace));
  }
  const names = (namespace?: string) =>
    cluster.list('ConfigMap', namespace).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  expect(names()).toEqual(['a/x', 'a/y', 'a-b/x', 'b/a']);
  expect(names('a')).toEqual(['a/x', 'a/y']);
  cluster.remove('ConfigMap', 'y', 'a');
  expect(names('a')).toEqual(['a/x']);
});

test('only changes outside of metadata and status count as a generation, and no change makes no revision', () => {
  const cluster = store();
  const first = cluster.create(deployment({ replicas: 1 }));
  const steps = [
    [{ ...first, metadata: { ...first.metadata, labels: { a: 'b' } } }, 1, '2'],
    [{ ...first, metadata: { ...first.metadata, labels: { a: 'b' } } }, 1, '2'],
    [{ ...first, status: { replicas: 1 } }, 1, '3'],
    [{ ...first, spec: { replicas: 2 } }, 2, '4'],
  ] as const;
  for (const [object, generation, resourceVersion] of steps) {
    const { resourceVersion: _, ...metadata } = object.metadata;
    expect(cluster.update({ ...object, metadata }).metadata).toMatchObject({ generation, resourceVersion });
  }
});

test('kinds that nobody waits for have no generation', () => {
  const cluster = store();
  const { metadata } = cluster.create(configMap('a'));
  expect(metadata).not.toHaveProperty('generation');
  const { resourceVersion: _, ...rest } = metadata;
  const changed = cluster.update({ ...configMap('a', { key: 'new' }), metadata: rest });
  expect(changed.metadata).not.toHaveProperty('generation');
});

test('an update with an old resourceVersion, of another object, or of none is refused', () => {
  const cluster = store();
  const first = cluster.create(configMap('a'));
  cluster.update({ ...first, data: { key: 'new' } });
  expect(refusal(() => cluster.update({ ...first, data: {} }))).toMatchObject({
    code: 409,
    reason: 'Conflict',
    message:
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
  });
  const stranger = { ...configMap('a'), metadata: { ...configMap('a').metadata, uid: 'x' } };
  expect(refusal(() => cluster.update(stranger)).message).toContain(
    'Precondition failed: UID in precondition: x',
  );
  expect(refusal(() => cluster.update(deployment({})))).toMatchObject({
    code: 404,
    message: 'deployments.apps "web" not found',
    details: { group: 'apps', kind: 'deployments', name: 'web' },
  });
});

test('a controller changes a copy, and hears when the object is gone', () => {
  const cluster = store();
  const first = cluster.create(configMap('a', { key: 'old' }));
  const changed = cluster.change('ConfigMap', 'a', 'shop', (draft) => {
    draft.data = { key: 'new' };
  });
  expect(changed?.data).toEqual({ key: 'new' });
  expect(first.data).toEqual({ key: 'old' });
  cluster.remove('ConfigMap', 'a', 'shop');
  expect(cluster.change('ConfigMap', 'a', 'shop', () => {})).toBeUndefined();
  cluster.remove('ConfigMap', 'a', 'shop');
  expect(cluster.revision).toBe(3);
});

test('listeners hear of each change after it is stored, in the order of revisions', () => {
  const cluster = store();
  const heard: string[] = [];
  cluster.subscribe('ConfigMap', ({ type, object }) => {
    expect(cluster.find('ConfigMap', 'a', 'shop')).toBe(type === 'DELETED' ? undefined : object);
    if (type === 'ADDED') cluster.remove('ConfigMap', 'a', 'shop');
  });
  const end = cluster.subscribe(undefined, ({ type, revision }) => heard.push(`${revision} ${type}`));
  cluster.create(configMap('a'));
  cluster.create(deployment({}));
  end();
  cluster.create(deployment({}, 'other'));
  expect(heard).toEqual(['1 ADDED', '2 DELETED', '3 ADDED']);
});

test('the history of all kinds can be read again from a revision, with what was there before', () => {
  const cluster = store();
  const first = cluster.create(configMap('a'));
  const second = cluster.update({ ...first, data: { key: 'new' } });
  cluster.remove('ConfigMap', 'a', 'shop');
  const brief = ({ type, key, revision, previous, object }: StoreEvent) => ({
    type,
    key,
    revision,
    previous,
    version: object.metadata.resourceVersion,
  });
  expect(cluster.since(1).map(brief)).toEqual([
    { type: 'MODIFIED', key: 'ConfigMap', revision: 2, previous: first, version: '2' },
    { type: 'DELETED', key: 'ConfigMap', revision: 3, previous: second, version: '3' },
  ]);
  expect(cluster.since(3)).toEqual([]);
});

test('what happened before the last events is gone', () => {
  const cluster = store(3);
  for (let n = 1; n <= 20; n += 1) {
    cluster.create(configMap(`c${n}`));
    const oldest = Math.max(0, n - 3);
    expect(cluster.since(oldest).map(({ revision }) => revision)).toEqual(
      Array.from({ length: n - oldest }, (_, i) => oldest + i + 1),
    );
    if (oldest === 0) continue;
    expect(refusal(() => cluster.since(oldest - 1))).toMatchObject({
      code: 410,
      reason: 'Expired',
      message: `too old resource version: ${oldest - 1} (${oldest})`,
    });
  }
});

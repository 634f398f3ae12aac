import { expect } from '@playwright/test';
import { ApiError } from '../../../fixtures/cluster/errors.ts';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { Store } from '../../../reference/store/store.ts';
import { configMap, type Mesh, pod, rejection, remembered, test } from './fixture.ts';
import { raw } from './raw.ts';

interface List {
  kind: string;
  apiVersion: string;
  items: KubeObject[];
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

const path = '/api/v1/namespaces/shop/configmaps';

function fill(store: Store, ...names: string[]): void {
  for (const name of names) store.create(configMap(name, { metadata: { name, labels: { name } } }));
}

async function page({ server }: Mesh, query: string): Promise<List> {
  return (await raw(server, `${path}?${query}`)).json<List>();
}

const namesOf = ({ items }: List) => items.map(({ metadata: { name } }) => name);

test('a list has the revision of the store, and items that do not say what they are', async ({ mesh }) => {
  fill(mesh.store, 'b', 'a');
  const list = await page(mesh, '');
  expect(list).toMatchObject({
    kind: 'ConfigMapList',
    apiVersion: 'v1',
    metadata: { resourceVersion: String(mesh.store.revision) },
  });
  expect(namesOf(list)).toEqual(['a', 'b']);
  expect(list.items[0]).not.toHaveProperty('kind');
});

test('custom resources say in lists what they are, in the version asked for', async ({
  mesh: { store, server },
}) => {
  store.create({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace: 'shop' },
  });
  const beta = 'security.istio.io/v1beta1';
  expect((await raw(server, `/apis/${beta}/peerauthentications`)).json()).toMatchObject({
    apiVersion: beta,
    items: [{ apiVersion: beta, kind: 'PeerAuthentication' }],
  });
  expect(
    (await raw(server, `/apis/${beta}/namespaces/shop/peerauthentications/default`)).json(),
  ).toMatchObject({
    apiVersion: beta,
  });
});

test('objects are found by namespace, label and field', async ({ mesh: { store, cluster } }) => {
  store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
  fill(store, 'a', 'b');
  store.create(configMap('a', { metadata: { name: 'a', namespace: 'other' } }));
  const kind = { apiVersion: 'v1', kind: 'ConfigMap' };
  const found = async (selection: object) =>
    (await cluster.list({ ...kind, ...selection })).map(
      ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
    );
  expect(await found({})).toEqual(['other/a', 'shop/a', 'shop/b']);
  expect(await found({ namespace: 'shop' })).toEqual(['shop/a', 'shop/b']);
  expect(await found({ labelSelector: 'name!=b' })).toEqual(['other/a', 'shop/a']);
  expect(await found({ name: 'a' })).toEqual(['other/a', 'shop/a']);
  expect(await rejection(found({ fieldSelector: 'data.x=1' }))).toMatchObject({ status: 400 });
});

test('a selector that cannot be read is refused, also where there is nothing', async ({
  mesh: { server },
}) => {
  expect((await raw(server, `${path}?labelSelector=a+in`)).status).toBe(400);
});

test('pages show one state, whatever happens between them', async ({ mesh }) => {
  fill(mesh.store, 'a', 'b', 'c', 'd');
  const first = await page(mesh, 'limit=2');
  expect(namesOf(first)).toEqual(['a', 'b']);
  expect(first.metadata.remainingItemCount).toBe(2);
  mesh.store.remove('ConfigMap', 'c', 'shop');
  mesh.store.create(configMap('bb'));
  mesh.store.change('ConfigMap', 'd', 'shop', (draft) => {
    draft.data = { changed: 'yes' };
  });
  const second = await page(mesh, `limit=2&continue=${first.metadata.continue}`);
  expect(namesOf(second)).toEqual(['c', 'd']);
  expect(second.items[1]).not.toHaveProperty('data');
  expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
});

test('a continuation that is forgotten is 410, and the suite reads the whole list then', async ({ mesh }) => {
  fill(mesh.store, 'a', 'b');
  const { metadata } = await page(mesh, 'limit=1');
  for (let index = 0; index <= remembered; index++) mesh.store.create(configMap(`later-${index}`));
  const answer = await raw(mesh.server, `${path}?limit=1&continue=${metadata.continue}`);
  expect(answer.status).toBe(410);
  expect(answer.json()).toMatchObject({ reason: 'Expired' });
});

test('a continuation that nobody gave out is refused', async ({ mesh: { server } }) => {
  expect((await raw(server, `${path}?continue=e30`)).status).toBe(400);
});

const versions: [string, (revision: number) => string, object][] = [
  ['0 is the present', () => 'resourceVersion=0', { names: ['a', 'b'] }],
  ['an older one is the present', () => 'resourceVersion=1', { names: ['a', 'b'] }],
  [
    'not older is the present',
    () => 'resourceVersion=2&resourceVersionMatch=NotOlderThan',
    { names: ['a', 'b'] },
  ],
  ['an exact one is the past', () => 'resourceVersion=2&resourceVersionMatch=Exact', { names: ['a'] }],
  ['with a limit it is exact', () => 'resourceVersion=2&limit=9', { names: ['a'] }],
  ['one to come is refused', (revision) => `resourceVersion=${revision + 1}`, { status: 504 }],
  ['a match alone is refused', () => 'resourceVersionMatch=Exact', { status: 400 }],
  ['no number is refused', () => 'resourceVersion=x', { status: 400 }],
];

for (const [title, query, expected] of versions) {
  test(`a list at a resource version: ${title}`, async ({ mesh }) => {
    fill(mesh.store, 'a', 'b');
    const answer = await raw(mesh.server, `${path}?${query(mesh.store.revision)}`);
    const seen = answer.status === 200 ? { names: namesOf(answer.json<List>()) } : { status: answer.status };
    expect(seen).toEqual(expected);
  });
}

test('one object comes whole, and its absence is a Status', async ({ mesh: { store, cluster } }) => {
  const stored = store.create(pod('web'));
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' };
  expect(await cluster.get(ref)).toEqual(stored);
  const error = await rejection(cluster.get({ ...ref, name: 'none' }));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 404, reason: 'NotFound', said: 'pods "none" not found' });
});

test('metadata alone can be had', async ({ mesh: { store, server } }) => {
  store.create(pod('web'));
  const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
  const list = (await raw(server, '/api/v1/pods', { headers: { accept } })).json<List>();
  expect(list.kind).toBe('PartialObjectMetadataList');
  expect(Object.keys(list.items[0] ?? {})).toEqual(['kind', 'apiVersion', 'metadata']);
});

for (const accept of [
  'application/vnd.kubernetes.protobuf',
  'text/html',
  'application/json;as=Table;g=meta.k8s.io;v=v9',
]) {
  test(`nothing is served as ${accept}`, async ({ mesh: { server } }) => {
    expect((await raw(server, path, { headers: { accept } })).status).toBe(406);
    expect((await raw(server, path, { headers: { accept: `${accept}, application/json` } })).status).toBe(
      200,
    );
  });
}

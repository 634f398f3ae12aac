import { expect } from '@playwright/test';
import { ApiError } from '../../../fixtures/cluster/errors.ts';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { startApiServer } from '../../../reference/api/server.ts';
import { type AdmissionPlugin, Operations } from '../../../reference/store/operations.ts';
import { FakePods } from './fake-pods.ts';
import { configMap, type Mesh, pod, rejection, test } from './fixture.ts';
import { raw } from './raw.ts';

const maps = '/api/v1/namespaces/shop/configmaps';
const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
const json = { 'content-type': 'application/json' };

const managersOf = ({ metadata }: KubeObject) =>
  (metadata.managedFields as { manager: string; operation: string; subresource?: string }[]).map(
    ({ manager, operation, subresource }) => [manager, operation, subresource],
  );

const deployment: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'app' }] },
    },
  },
};

test('what is created is stored, for the manager that the client names', async ({
  mesh: { store, cluster },
}) => {
  const created = await cluster.create(configMap('a', { data: { x: '1' } }));
  expect(created).toEqual(store.find('ConfigMap', 'a', 'shop'));
  expect(managersOf(created)).toEqual([['tester', 'Update', undefined]]);
  const error = await rejection(cluster.create(configMap('a')));
  expect(error).toMatchObject({ status: 409, reason: 'AlreadyExists' });
});

test('a created object is 201, whether JSON or YAML, and its manager the user agent', async ({
  mesh: { server },
}) => {
  const headers = { 'content-type': 'application/yaml', 'user-agent': 'someone/1.0 (linux)' };
  const answer = await raw(server, maps, {
    method: 'POST',
    headers,
    body: 'metadata:\n  name: a\ndata:\n  x: "1"\n',
  });
  expect(answer.status).toBe(201);
  expect(answer.json<KubeObject>()).toMatchObject({ kind: 'ConfigMap', data: { x: '1' } });
  expect(managersOf(answer.json<KubeObject>())).toEqual([['someone', 'Update', undefined]]);
});

test('a dry run answers and changes nothing', async ({ mesh: { store, cluster } }) => {
  const before = store.revision;
  expect(await cluster.create(configMap('a'), { dryRun: true })).toMatchObject({ metadata: { name: 'a' } });
  expect(store.revision).toBe(before);
  store.create(configMap('a'));
  await cluster.patch(ref, { data: { x: '1' } }, { type: 'merge', dryRun: true });
  await cluster.raw('DELETE', `${maps}/a?dryRun=All`);
  expect(store.find('ConfigMap', 'a', 'shop')).not.toHaveProperty('data');
});

const patches = [
  ['merge', { data: { x: null, y: '2' } }, { y: '2' }],
  ['strategic', { data: { x: null, y: '2' } }, { y: '2' }],
  ['json', [{ op: 'replace', path: '/data/x', value: '3' }], { x: '3' }],
] as const;
for (const [type, patch, data] of patches) {
  test(`a ${type} patch changes an object`, async ({ mesh: { store, cluster } }) => {
    store.create(configMap('a', { data: { x: '1' } }));
    expect((await cluster.patch(ref, patch, { type })).data).toEqual(data);
    expect(store.find('ConfigMap', 'a', 'shop')?.data).toEqual(data);
  });
}

test('apply creates, owns, and meets the ownership of others', async ({ mesh: { cluster, server } }) => {
  const created = await cluster.apply(configMap('a', { data: { x: '1' } }));
  expect(managersOf(created)).toEqual([['tester', 'Apply', undefined]]);
  await cluster.raw(
    'PATCH',
    `${maps}/a?fieldManager=other`,
    { data: { x: '2' } },
    { contentType: 'application/merge-patch+json' },
  );
  const error = await rejection(cluster.apply(configMap('a', { data: { x: '1' } })));
  expect(error).toMatchObject({
    status: 409,
    reason: 'Conflict',
    causes: [{ reason: 'FieldManagerConflict' }],
  });
  const forced = await cluster.apply(configMap('a', { data: { x: '1' } }), { force: true });
  expect(forced.data).toEqual({ x: '1' });
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  const body = 'apiVersion: v1\nkind: ConfigMap\ndata:\n  y: "1"\n';
  const answer = await raw(server, `${maps}/b?fieldManager=tester`, { method: 'PATCH', headers, body });
  expect(answer.status).toBe(201);
});

test('an object is replaced, but not by what was read before a change', async ({
  mesh: { store, cluster },
}) => {
  const read = store.create(configMap('a'));
  const replaced = (await cluster.raw('PUT', `${maps}/a`, { ...read, data: { x: '1' } })) as KubeObject;
  expect(replaced.data).toEqual({ x: '1' });
  const error = await rejection(cluster.raw('PUT', `${maps}/a`, { ...read, data: { x: '2' } }));
  expect(error).toMatchObject({ status: 409, reason: 'Conflict' });
});

test('an object goes in and comes out in the version of the path', async ({ mesh: { store, cluster } }) => {
  const beta = {
    apiVersion: 'security.istio.io/v1beta1',
    kind: 'PeerAuthentication',
    metadata: { name: 'a', namespace: 'shop' },
  };
  expect((await cluster.apply({ ...beta, spec: { mtls: { mode: 'STRICT' } } })).apiVersion).toBe(
    beta.apiVersion,
  );
  expect(store.find('PeerAuthentication.security.istio.io', 'a', 'shop')?.apiVersion).toBe(
    'security.istio.io/v1',
  );
  const patched = await cluster.patch(
    { ...beta, namespace: 'shop', name: 'a' },
    { spec: { mtls: { mode: 'PERMISSIVE' } } },
    { type: 'merge' },
  );
  expect(patched).toMatchObject({ apiVersion: beta.apiVersion, spec: { mtls: { mode: 'PERMISSIVE' } } });
});

test('status and the rest are written apart', async ({ mesh: { store, cluster } }) => {
  store.create({ ...deployment, status: { replicas: 0 } });
  const path = '/apis/apps/v1/namespaces/shop/deployments/web';
  const contentType = 'application/merge-patch+json';
  const patch = { spec: { replicas: 5 }, status: { replicas: 3 } };
  expect(await cluster.raw('PATCH', `${path}/status`, patch, { contentType })).toMatchObject({
    spec: { replicas: 1 },
    status: { replicas: 3 },
  });
  expect(
    await cluster.raw('PATCH', path, { ...patch, status: { replicas: 9 } }, { contentType }),
  ).toMatchObject({
    spec: { replicas: 5 },
    status: { replicas: 3 },
  });
  expect(await cluster.raw('GET', `${path}/status`)).toMatchObject({ kind: 'Deployment' });
});

test('a workload is scaled', async ({ mesh: { store, cluster } }) => {
  await cluster.create(deployment);
  const path = '/apis/apps/v1/namespaces/shop/deployments/web/scale';
  const replicas = () =>
    (store.find('Deployment.apps', 'web', 'shop')!.spec as { replicas: number }).replicas;
  const scale = (await cluster.raw('GET', path)) as KubeObject;
  expect(scale).toMatchObject({
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    spec: { replicas: 1 },
    status: { selector: 'app=web' },
  });
  await cluster.raw('PUT', path, { ...scale, spec: { replicas: 2 } });
  expect(replicas()).toBe(2);
  await cluster.raw(
    'PATCH',
    path,
    { spec: { replicas: 3 } },
    { contentType: 'application/merge-patch+json' },
  );
  expect(replicas()).toBe(3);
  const operations = [{ op: 'replace', path: '/spec/replicas', value: 4 }];
  expect(
    await cluster.raw('PATCH', path, operations, { contentType: 'application/json-patch+json' }),
  ).toMatchObject({
    kind: 'Scale',
    spec: { replicas: 4 },
  });
  expect(replicas()).toBe(4);
  expect(managersOf(store.find('Deployment.apps', 'web', 'shop')!)).toContainEqual([
    'alp-conformance',
    'Update',
    'scale',
  ]);
  expect(await rejection(cluster.raw('PUT', path, { ...scale, spec: { replicas: 9 } }))).toMatchObject({
    status: 409,
  });
  const { metadata: _, ...bare } = scale;
  expect(await rejection(cluster.raw('PUT', path, { ...bare, spec: { replicas: -1 } }))).toMatchObject({
    status: 422,
  });
});

test('what is gone at once is answered with a Status, what stays with the object', async ({
  mesh: { store, cluster },
}) => {
  const { metadata } = store.create(configMap('a'));
  expect(await cluster.raw('DELETE', `${maps}/a`)).toMatchObject({
    kind: 'Status',
    status: 'Success',
    details: { name: 'a', kind: 'configmaps', uid: metadata.uid },
  });
  expect(await cluster.delete(ref)).toBe(false);
  store.create(configMap('a', { metadata: { name: 'a', finalizers: ['example.org/mine'] } }));
  expect(await cluster.raw('DELETE', `${maps}/a`)).toMatchObject({
    kind: 'ConfigMap',
    metadata: { deletionTimestamp: expect.any(String) },
  });
});

test('a pod is deleted within its grace, or at once', async ({ mesh: { store, cluster } }) => {
  store.create(pod('web', { nodeName: 'node-1', containers: [{ name: 'main', image: 'app' }] }));
  const path = '/api/v1/namespaces/shop/pods/web';
  expect(await cluster.raw('DELETE', `${path}?gracePeriodSeconds=7`)).toMatchObject({
    kind: 'Pod',
    metadata: { deletionGracePeriodSeconds: 7 },
  });
  await cluster.raw('DELETE', path, { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 });
  expect(store.find('Pod', 'web', 'shop')).toBeUndefined();
});

test('only the very object is deleted when its uid is said', async ({ mesh: { store, cluster } }) => {
  store.create(configMap('a'));
  expect(await rejection(cluster.delete(ref, { uid: 'another' }))).toMatchObject({ status: 409 });
  expect(
    await cluster.delete(ref, {
      propagation: 'Foreground',
      uid: store.find('ConfigMap', 'a', 'shop')!.metadata.uid!,
    }),
  ).toBe(true);
});

test('a collection is deleted by selector', async ({ mesh: { store, server } }) => {
  for (const name of ['a', 'b', 'c']) {
    store.create(configMap(name, { metadata: { name, labels: { app: name === 'c' ? 'other' : 'web' } } }));
  }
  const answer = await raw(server, `${maps}?labelSelector=app%3Dweb`, { method: 'DELETE' });
  expect(answer.json<{ items: KubeObject[] }>().items.map(({ metadata }) => metadata.name)).toEqual([
    'a',
    'b',
  ]);
  expect(store.list('ConfigMap', 'shop').map(({ metadata }) => metadata.name)).toEqual(['c']);
});

interface Refused {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: unknown;
}
const merge = { 'content-type': 'application/merge-patch+json' };
const refusals: [string, Refused, number][] = [
  ['malformed JSON', { body: '{"metadata":' }, 400],
  ['malformed YAML', { headers: { 'content-type': 'application/yaml' }, body: 'a: [' }, 400],
  ['no object', { body: '[]' }, 400],
  ['another content type', { headers: { 'content-type': 'application/cbor' }, body: '{}' }, 415],
  ['a patch of no type', { method: 'PATCH', path: `${maps}/old`, body: '{}' }, 415],
  [
    'a strategic patch of a custom resource',
    {
      method: 'PATCH',
      path: '/apis/projectcalico.org/v3/tiers/x',
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: '{}',
    },
    415,
  ],
  [
    'apply without a manager',
    {
      method: 'PATCH',
      path: `${maps}/x`,
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: configMap('x'),
    },
    422,
  ],
  [
    'force without apply',
    { method: 'PATCH', path: `${maps}/old?force=true`, headers: merge, body: '{}' },
    422,
  ],
  ['another namespace', { body: configMap('x', { metadata: { name: 'x', namespace: 'other' } }) }, 400],
  ['another kind', { body: { ...configMap('x'), kind: 'Secret' } }, 400],
  ['another version', { body: { ...configMap('x'), apiVersion: 'v2' } }, 400],
  ['another name', { method: 'PUT', path: `${maps}/old`, body: configMap('x') }, 400],
  ['an object that is not there', { method: 'PUT', path: `${maps}/x`, body: configMap('x') }, 404],
  [
    'a namespace that is not there',
    { path: '/api/v1/namespaces/none/configmaps', body: { metadata: { name: 'x' } } },
    404,
  ],
  ['PUT on a collection', { method: 'PUT', body: configMap('x') }, 405],
  ['POST on an object', { path: `${maps}/old`, body: configMap('x') }, 405],
  ['POST on all namespaces', { path: '/api/v1/configmaps', body: configMap('x') }, 405],
  ['deletion of all namespaces', { method: 'DELETE', path: '/api/v1/namespaces' }, 405],
  ['POST on discovery', { path: '/apis' }, 405],
  ['GET on a review', { method: 'GET', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' }, 405],
  ['an unknown dry run', { path: `${maps}?dryRun=Some`, body: configMap('x') }, 422],
  ['an unknown validation', { path: `${maps}?fieldValidation=Some`, body: configMap('x') }, 422],
  ['an unknown propagation', { method: 'DELETE', path: `${maps}/old?propagationPolicy=Some` }, 422],
  [
    'too large a body',
    { body: `{"metadata":{"name":"x"},"data":{"x":"${'x'.repeat(3 * 1024 * 1024)}"}}` },
    413,
  ],
];
for (const [title, { method = 'POST', path = maps, headers = json, body }, status] of refusals) {
  test(`refused: ${title} (${status})`, async ({ mesh }) => {
    mesh.store.create(configMap('old'));
    mesh.store.create({ apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'x' } });
    const revision = mesh.store.revision;
    const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
    const answer = await raw(mesh.server, path, {
      method,
      headers,
      ...(text !== undefined && { body: text }),
    });
    expect(answer.json()).toMatchObject({ kind: 'Status', status: 'Failure', code: status });
    expect(answer.status).toBe(status);
    expect(mesh.store.revision).toBe(revision);
  });
}

test('a defect of the server is a Status too', async ({ mesh: { store, cluster } }: { mesh: Mesh }) => {
  store.list = () => {
    throw new TypeError('broken');
  };
  const error = await rejection(cluster.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop' }));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 500, reason: 'InternalError' });
});

test('a client is told what is no reason to refuse', async ({ mesh: { store, server }, certificates }) => {
  const plugin: AdmissionPlugin = {
    mutate: ({ object, warn }) => {
      warn?.('a "name" with a \\ and a ☃');
      warn?.('second');
      return object;
    },
  };
  const warning = await startApiServer({
    store,
    operations: new Operations(store, [plugin]),
    pods: new FakePods(),
    version: 'v1.34.4',
    certificates,
  });
  const body = JSON.stringify(configMap('a'));
  const { headers } = await raw(warning, maps, { method: 'POST', headers: json, body });
  expect(headers.warning).toBe('299 - "a \\"name\\" with a \\\\ and a ?", 299 - "second"');
  await warning.close();
  expect((await raw(server, `${maps}/a`)).headers).not.toHaveProperty('warning');
});

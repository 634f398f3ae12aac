import { expect } from '@playwright/test';
import { ApiError } from '../../fixtures/cluster/errors.ts';
import { object, rejection, test } from './fixture.ts';

const policies = '/apis/projectcalico.org/v3/globalnetworkpolicies';
const policy = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', name: 'frontend-deny' };
const deployments = '/apis/apps/v1/namespaces/shop/deployments';
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'frontend' };

test('an object is read raw, with fields that no client knows', async ({ api }) => {
  const stored = object('Deployment', 'frontend', { spec: { fieldOfTomorrow: { a: [1] } } });
  api.on('GET', `${deployments}/frontend`, (_, answer) => answer.json(stored));
  expect(await api.cluster().get(deployment)).toEqual(stored);
});

test('discovery of a group version is asked for once, also by requests at the same time', async ({ api }) => {
  api.on('GET', `${deployments}/frontend`, (_, answer) => answer.json(object('Deployment', 'frontend')));
  const cluster = api.cluster();
  await Promise.all([cluster.get(deployment), cluster.get(deployment)]);
  await cluster.get(deployment);
  expect(api.seen('GET', '/apis/apps/v1')).toHaveLength(1);
});

test('names are escaped in paths', async ({ api }) => {
  api.on('GET', `${deployments}/a%2Fb%3Fc`, (_, answer) => answer.json(object('Deployment', 'a/b?c')));
  expect((await api.cluster().get({ ...deployment, name: 'a/b?c' })).metadata.name).toBe('a/b?c');
});

test('a kind that appears while we run is found', async ({ api }) => {
  api.kinds('projectcalico.org/v3', { NetworkPolicy: 'networkpolicies' });
  const cluster = api.cluster();
  expect(await cluster.supports(policy.apiVersion, 'NetworkPolicy')).toBe(true);
  expect(await cluster.supports(policy.apiVersion, policy.kind)).toBe(false);
  expect(await cluster.find(policy)).toBeUndefined();

  api.kinds('projectcalico.org/v3', { GlobalNetworkPolicy: 'globalnetworkpolicies' }, [
    'GlobalNetworkPolicy',
  ]);
  api.on('GET', `${policies}/frontend-deny`, (_, answer) =>
    answer.json({ ...policy, metadata: { name: policy.name } }),
  );
  expect(await cluster.supports(policy.apiVersion, policy.kind)).toBe(true);
  expect(await cluster.find(policy)).toMatchObject({ metadata: { name: 'frontend-deny' } });
});

test('a group version that appears while we run is found', async ({ api }) => {
  const cluster = api.cluster();
  expect(await cluster.supports(policy.apiVersion, policy.kind)).toBe(false);
  api.kinds('projectcalico.org/v3', { GlobalNetworkPolicy: 'globalnetworkpolicies' });
  expect(await cluster.supports(policy.apiVersion, policy.kind)).toBe(true);
});

test('a kind whose path has gone is asked for anew', async ({ api }) => {
  api.kinds('projectcalico.org/v3', { GlobalNetworkPolicy: 'globalnetworkpolicies' }, [
    'GlobalNetworkPolicy',
  ]);
  const cluster = api.cluster();
  expect(await cluster.find(policy)).toBeUndefined();
  expect(await cluster.find(policy)).toBeUndefined();
  expect(api.seen('GET', '/apis/projectcalico.org/v3')).toHaveLength(2);
});

test('an object that is not there does not make discovery forget', async ({ api }) => {
  api.on('GET', `${deployments}/frontend`, (_, answer) => answer.refuse(404, 'NotFound', 'not found'));
  const cluster = api.cluster();
  expect(await cluster.find(deployment)).toBeUndefined();
  expect(await cluster.find(deployment)).toBeUndefined();
  expect(api.seen('GET', '/apis/apps/v1')).toHaveLength(1);
});

test('an unknown kind says what is missing', async ({ api }) => {
  const error = await rejection(api.cluster().get(policy));
  expect(error).toMatchObject({ status: 404 });
  expect(error.message).toContain('no kind GlobalNetworkPolicy in projectcalico.org/v3');
});

test('a group version whose server is down is an error, not a missing kind', async ({ api }) => {
  api.on('GET', '/apis/projectcalico.org/v3', (_, answer) => answer.text('service unavailable', 503));
  const cluster = api.cluster();
  expect(await rejection(cluster.find(policy))).toMatchObject({ status: 503 });
  expect(await rejection(cluster.supports(policy.apiVersion, policy.kind))).toBeInstanceOf(ApiError);
});

test('an error other than 404 is not taken for absence', async ({ api }) => {
  api.on('GET', `${deployments}/frontend`, (_, answer) =>
    answer.refuse(500, 'InternalError', 'etcd is away'),
  );
  expect(await rejection(api.cluster().find(deployment))).toMatchObject({ status: 500 });
});

test('an object of a namespaced kind must name its namespace', async ({ api }) => {
  const error = await rejection(api.cluster().get({ ...deployment, namespace: undefined }));
  expect(error.message).toContain('Deployment frontend is named without its namespace');
  expect(api.seen('GET', '/apis/apps/v1/deployments/frontend')).toHaveLength(0);
});

test('a list is read to its last page, and its items say what they are', async ({ api }) => {
  api.onEach(
    'GET',
    deployments,
    (_, answer) => answer.list([object('Deployment', 'a')], { resourceVersion: '7', continue: 'more' }),
    (_, answer) => answer.list([object('Deployment', 'b')], { resourceVersion: '7', continue: '' }),
  );
  const { items, resourceVersion } = await api.cluster().listing(deployment);
  expect(resourceVersion).toBe('7');
  expect(items.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.name])).toEqual([
    ['apps/v1', 'Deployment', 'a'],
    ['apps/v1', 'Deployment', 'b'],
  ]);
  expect(api.seen('GET', deployments).map(({ query }) => query.continue)).toEqual([undefined, 'more']);
});

test('a list whose continuation expired is read anew in one piece', async ({ api }) => {
  api.onEach(
    'GET',
    deployments,
    (_, answer) => answer.list([object('Deployment', 'stale')], { resourceVersion: '7', continue: 'old' }),
    (_, answer) => answer.refuse(410, 'Expired', 'The provided continue parameter is too old'),
    (_, answer) =>
      answer.list([object('Deployment', 'a'), object('Deployment', 'b')], { resourceVersion: '9' }),
  );
  const { items, resourceVersion } = await api.cluster().listing(deployment);
  expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  expect(resourceVersion).toBe('9');
  expect(api.seen('GET', deployments)[2]?.query).not.toHaveProperty('limit');
});

test('a list of all namespaces, and selectors, go to the server', async ({ api }) => {
  api.on('GET', '/apis/apps/v1/deployments', (_, answer) => answer.list([]));
  const selection = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    labelSelector: 'app=a',
    fieldSelector: 'x=y',
  };
  await api.cluster().list({ ...selection, name: 'frontend' });
  expect(api.seen('GET', '/apis/apps/v1/deployments')[0]?.query).toEqual({
    labelSelector: 'app=a',
    fieldSelector: 'metadata.name=frontend,x=y',
    limit: '500',
  });
});

test('create sends the object to its collection, strictly validated', async ({ api }) => {
  api.on('POST', deployments, (request, answer) => answer.json(request.body, 201));
  const wanted = object('Deployment', 'frontend');
  expect(await api.cluster().create(wanted, { dryRun: true })).toEqual(wanted);
  expect(api.seen('POST', deployments)[0]?.query).toEqual({
    fieldManager: 'alp-conformance',
    fieldValidation: 'Strict',
    dryRun: 'All',
  });
});

test('apply is server-side, under our field manager, without force unless asked for', async ({ api }) => {
  const path = `${deployments}/frontend`;
  api.on('PATCH', path, (request, answer) => answer.json(request.body));
  const cluster = api.cluster();
  const wanted = object('Deployment', 'frontend', { spec: { replicas: 2 } });
  await cluster.apply(wanted);
  await cluster.apply(wanted, { force: true, dryRun: true, fieldValidation: 'Ignore' });
  const [first, second] = api.seen('PATCH', path);
  expect(first?.headers['content-type']).toBe('application/apply-patch+yaml');
  expect(first?.body).toEqual(wanted);
  expect(first?.query).toEqual({
    fieldManager: 'alp-conformance',
    force: 'false',
    fieldValidation: 'Strict',
  });
  expect(second?.query).toMatchObject({ force: 'true', dryRun: 'All', fieldValidation: 'Ignore' });
});

test('a conflict of apply is an error with its reason', async ({ api }) => {
  api.on('PATCH', `${deployments}/frontend`, (_, answer) =>
    answer.refuse(
      409,
      'Conflict',
      'Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas',
    ),
  );
  const error = await rejection(api.cluster().apply(object('Deployment', 'frontend')));
  expect(error).toMatchObject({ status: 409, reason: 'Conflict' });
  expect(error.message).toContain('.spec.replicas');
});

const patches = [
  ['merge', 'application/merge-patch+json', { spec: { replicas: 2 } }],
  ['json', 'application/json-patch+json', [{ op: 'remove', path: '/spec/replicas' }]],
  ['strategic', 'application/strategic-merge-patch+json', { spec: { replicas: 2 } }],
] as const;
for (const [type, contentType, body] of patches) {
  test(`a ${type} patch goes out as ${contentType}`, async ({ api }) => {
    const path = `${deployments}/frontend`;
    api.on('PATCH', path, (_, answer) => answer.json(object('Deployment', 'frontend')));
    await api.cluster({ fieldManager: 'other' }).patch(deployment, body, { type });
    expect(api.seen('PATCH', path)[0]).toMatchObject({ body, headers: { 'content-type': contentType } });
    expect(api.seen('PATCH', path)[0]?.query.fieldManager).toBe('other');
  });
}

test('delete says how dependents go and which very object is meant', async ({ api }) => {
  const path = `${deployments}/frontend`;
  api.on('DELETE', path, (_, answer) => answer.json({ kind: 'Status', status: 'Success' }));
  expect(await api.cluster().delete(deployment, { propagation: 'Foreground', uid: 'u1' })).toBe(true);
  expect(api.seen('DELETE', path)[0]?.body).toEqual({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Foreground',
    preconditions: { uid: 'u1' },
  });
});

test('delete of what is not there, or of a kind that is not there, is false', async ({ api }) => {
  api.on('DELETE', `${deployments}/frontend`, (_, answer) => answer.refuse(404, 'NotFound', 'not found'));
  const cluster = api.cluster();
  expect(await cluster.delete(deployment)).toBe(false);
  expect(await cluster.delete(policy)).toBe(false);
});

test('delete of another object of the same name is an error', async ({ api }) => {
  api.on('DELETE', `${deployments}/frontend`, (_, answer) =>
    answer.refuse(409, 'Conflict', 'Precondition failed: UID'),
  );
  expect(await rejection(api.cluster().delete(deployment, { uid: 'u1' }))).toMatchObject({ status: 409 });
});

test('a raw request goes to any path with any content type', async ({ api }) => {
  api.on('PATCH', `${deployments}/frontend/scale`, (request, answer) =>
    answer.json({ ok: request.query.dryRun }),
  );
  const cluster = api.cluster();
  const contentType = 'application/merge-patch+json';
  const answer = await cluster.raw(
    'PATCH',
    `${deployments}/frontend/scale?dryRun=All`,
    { spec: {} },
    { contentType },
  );
  expect(answer).toEqual({ ok: 'All' });
  expect(api.seen('PATCH', `${deployments}/frontend/scale`)[0]).toMatchObject({
    body: { spec: {} },
    headers: { 'content-type': contentType },
  });
});

test('the client knows its server and context', ({ api }) => {
  const cluster = api.cluster();
  expect(cluster.serverUrl).toBe(api.url);
  expect(cluster.context).toBe('test');
});

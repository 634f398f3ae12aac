import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { Operations } from '../../../reference/store/operations.ts';
import { configMap, deployment, refusal, types, world } from './objects.ts';

interface Entry {
  manager: string;
  operation: string;
  subresource?: string;
  fieldsV1: Record<string, unknown>;
}

function apply(api: Operations, body: KubeObject, fieldManager: string, force = false) {
  const type = body.kind === 'ConfigMap' ? types.configMap : types.deployment;
  const { name } = body.metadata;
  return api.patch(type, name, 'shop', { type: 'apply', body }, { fieldManager, force });
}

function owners(object: KubeObject): Record<string, unknown> {
  const entries = object.metadata.managedFields as Entry[];
  return Object.fromEntries(
    entries.map((entry) => [
      [entry.manager, entry.operation, entry.subresource].filter(Boolean).join(' '),
      entry.fieldsV1,
    ]),
  );
}

const data = (...keys: string[]) => ({ 'f:data': Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) });

test('applying creates an object, and applying the same again changes nothing', () => {
  const { store, operations: api } = world();
  const first = apply(api, configMap('c', { a: '1' }), 'one');
  expect(first.created).toBe(true);
  expect(first.object.metadata.managedFields).toEqual([
    {
      manager: 'one',
      operation: 'Apply',
      apiVersion: 'v1',
      time: expect.stringMatching(/Z$/),
      fieldsType: 'FieldsV1',
      fieldsV1: data('a'),
    },
  ]);
  const revision = store.revision;
  const second = apply(api, configMap('c', { a: '1' }), 'one');
  expect(second).toEqual({ object: first.object, created: false });
  expect(store.revision).toBe(revision);
});

test('a field another applier owns with another value is a conflict', () => {
  const { store, operations: api } = world();
  const { object } = apply(api, configMap('c', { a: '1' }), 'one');
  const error = refusal(() => apply(api, configMap('c', { a: '2' }), 'two'));
  expect(error.toStatus()).toMatchObject({
    code: 409,
    reason: 'Conflict',
    message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
    details: {
      causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }],
    },
  });
  expect(store.find('ConfigMap', 'c', 'shop')).toBe(object);
});

test('several conflicts are listed by their managers', () => {
  const { operations: api } = world();
  apply(api, deployment({ replicas: 1, paused: false }), 'one');
  const body = { spec: { minReadySeconds: 5 } };
  api.patch(types.deployment, 'web', 'shop', { type: 'merge', body }, { fieldManager: 'kubectl-edit' });
  const wanted = deployment({ replicas: 2, paused: true, minReadySeconds: 6 });
  const error = refusal(() => apply(api, wanted, 'two'));
  expect(error.message).toBe(
    [
      'Apply failed with 3 conflicts: conflicts with "kubectl-edit" using apps/v1:',
      '- .spec.minReadySeconds',
      'conflicts with "one":',
      '- .spec.paused',
      '- .spec.replicas',
    ].join('\n'),
  );
  expect(error.details?.causes).toHaveLength(3);
});

test('force takes a field over, and its former owner may no longer give it up', () => {
  const { operations: api } = world();
  apply(api, configMap('c', { a: '1', b: '1' }), 'one');
  const taken = apply(api, configMap('c', { a: '2' }), 'two', true).object;
  expect(taken.data).toEqual({ a: '2', b: '1' });
  expect(owners(taken)).toEqual({ 'one Apply': data('b'), 'two Apply': data('a') });
  expect(apply(api, configMap('c', { b: '1' }), 'one').object.data).toEqual({ a: '2', b: '1' });
});

test('appliers that agree share a field, which goes when the last of them drops it', () => {
  const { operations: api } = world();
  apply(api, configMap('c', { a: '1', b: '1' }), 'one');
  const shared = apply(api, configMap('c', { a: '1' }), 'two').object;
  expect(owners(shared)).toEqual({ 'one Apply': data('a', 'b'), 'two Apply': data('a') });
  expect(refusal(() => apply(api, configMap('c', { a: '2' }), 'two')).message).toContain(
    'conflict with "one"',
  );
  const left = apply(api, configMap('c', { b: '1' }), 'one').object;
  expect(left.data).toEqual({ a: '1', b: '1' });
  expect(owners(left)).toEqual({ 'one Apply': data('b'), 'two Apply': data('a') });
  expect(apply(api, configMap('c', {}), 'two').object.data).toEqual({ b: '1' });
});

test('replicas handed over to an autoscaler, as the documentation of server-side apply has it', () => {
  const { operations: api } = world();
  const containers = [{ name: 'nginx', image: 'nginx:1.14.2' }];
  const template = { metadata: { labels: { app: 'nginx' } }, spec: { containers } };
  const selector = { matchLabels: { app: 'nginx' } };
  apply(api, deployment({ replicas: 3, selector, template }), 'kubectl');
  const scaled = { spec: { replicas: 5 } };
  api.patch(
    types.deployment,
    'web',
    'shop',
    { type: 'merge', body: scaled },
    { fieldManager: 'hpa', subresource: 'scale' },
  );
  const error = refusal(() => apply(api, deployment({ replicas: 3, selector, template }), 'kubectl'));
  expect(error.message).toBe(
    'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale" using apps/v1: .spec.replicas',
  );
  const { object } = apply(api, deployment({ selector, template }), 'kubectl');
  expect(object.spec).toEqual({ replicas: 5, selector, template });
  expect(owners(object)['hpa Update scale']).toEqual({ 'f:spec': { 'f:replicas': {} } });
});

test('a dropped field goes with the maps it leaves empty, unless someone else owns something there', () => {
  const { operations: api } = world();
  const spec = (container: object) => deployment({ template: { spec: { containers: [container] } } });
  const limits = { limits: { cpu: '1' } };
  apply(api, spec({ name: 'a', image: '1', resources: limits }), 'one');
  expect(apply(api, spec({ name: 'a', image: '1' }), 'one').object.spec).toEqual(
    spec({ name: 'a', image: '1' }).spec,
  );
  apply(api, spec({ name: 'a', resources: { limits: { cpu: '1' }, requests: { cpu: '1' } } }), 'two');
  apply(api, spec({ name: 'a', image: '1', resources: limits }), 'one');
  const left = apply(api, spec({ name: 'a', image: '1' }), 'one').object;
  expect(left.spec).toEqual(
    spec({ name: 'a', image: '1', resources: { limits: { cpu: '1' }, requests: { cpu: '1' } } }).spec,
  );
});

test('appliers own items of one list, and a dropped item goes', () => {
  const { operations: api } = world();
  const spec = (...containers: object[]) => deployment({ template: { spec: { containers } } });
  const ports = [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }];
  apply(api, spec({ name: 'a', ports }, { name: 'b' }), 'one');
  const { object } = apply(api, spec({ name: 'c', image: 'x' }), 'two');
  expect(object.spec).toEqual(spec({ name: 'a', ports }, { name: 'b' }, { name: 'c', image: 'x' }).spec);
  const left = apply(api, spec({ name: 'a', ports: [ports[0]!] }), 'one').object;
  expect(left.spec).toEqual(spec({ name: 'a', ports: [ports[0]] }, { name: 'c', image: 'x' }).spec);
});

test('a field that someone wrote is not removed by an applier that never named it', () => {
  const { operations: api } = world();
  apply(api, configMap('c', { a: '1' }), 'one');
  api.patch(
    types.configMap,
    'c',
    'shop',
    { type: 'merge', body: { data: { b: '2' } } },
    { fieldManager: 'edit' },
  );
  const { object } = apply(api, configMap('c', { a: '3' }), 'one');
  expect(object.data).toEqual({ a: '3', b: '2' });
  expect(owners(object)).toEqual({ 'one Apply': data('a'), 'edit Update': data('b') });
});

test('an ordinary write takes over what it changes and leaves what it does not', () => {
  const { operations: api } = world();
  apply(api, configMap('c', { a: '1', b: '1' }), 'one');
  const body = { data: { a: '2', b: '1' } };
  const { object } = api.patch(
    types.configMap,
    'c',
    'shop',
    { type: 'merge', body },
    { fieldManager: 'edit' },
  );
  expect(owners(object)).toEqual({ 'one Apply': data('b'), 'edit Update': data('a') });
  const removed = api.patch(types.configMap, 'c', 'shop', { type: 'merge', body: { data: null } }).object;
  expect(removed.metadata.managedFields).toBeUndefined();
});

test('the creator of an object owns what it said', () => {
  const { operations: api } = world();
  const created = api.create(configMap('c', { a: '1' }), { fieldManager: 'kubectl-create' });
  expect(owners(created)).toEqual({ 'kubectl-create Update': { 'f:data': { '.': {}, 'f:a': {} } } });
  expect(refusal(() => apply(api, configMap('c', { a: '2' }), 'one')).message).toBe(
    'Apply failed with 1 conflict: conflict with "kubectl-create" using v1: .data.a',
  );
  expect(owners(apply(api, configMap('c', { a: '2' }), 'one', true).object)).toEqual({
    'kubectl-create Update': { 'f:data': {} },
    'one Apply': data('a'),
  });
});

test('what was there before anything was applied belongs to whoever was before', () => {
  const { store, operations: api } = world();
  store.create(configMap('c', { a: '1' }));
  expect(refusal(() => apply(api, configMap('c', { a: '2' }), 'one')).message).toBe(
    'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
  );
  const { object } = apply(api, configMap('c', { b: '2' }), 'one');
  expect(object.data).toEqual({ a: '1', b: '2' });
  expect(Object.keys(owners(object))).toEqual(['one Apply', 'before-first-apply Update']);
});

test('a client may write managedFields itself, as kubectl does when it moves to server-side apply', () => {
  const { operations: api } = world();
  const fieldManager = 'kubectl-client-side-apply';
  const created = api.create(configMap('c', { a: '1', b: '1' }), { fieldManager });
  const [entry] = created.metadata.managedFields as Entry[];
  const body = [
    {
      op: 'replace',
      path: '/metadata/managedFields',
      value: [{ ...entry, manager: 'kubectl', operation: 'Apply' }],
    },
    { op: 'replace', path: '/metadata/resourceVersion', value: created.metadata.resourceVersion },
  ];
  const moved = api.patch(types.configMap, 'c', 'shop', { type: 'json', body }, { fieldManager: 'kubectl' });
  expect(Object.keys(owners(moved.object))).toEqual(['kubectl Apply']);
  expect(apply(api, configMap('c', { b: '1' }), 'kubectl').object.data).toEqual({ b: '1' });
});

test('managedFields are not lost by a client that leaves them out, and can be reset on purpose', () => {
  const { operations: api } = world();
  const { object } = apply(api, configMap('c', { a: '1' }), 'one');
  const { managedFields: _, ...metadata } = object.metadata;
  expect(owners(api.update({ ...object, metadata }))).toEqual({ 'one Apply': data('a') });
  const reset = api.update({ ...object, metadata: { ...metadata, managedFields: [{}] } });
  expect(reset.metadata.managedFields).toBeUndefined();
});

test('the status is applied and owned apart', () => {
  const { operations: api } = world();
  apply(api, { ...deployment({ replicas: 1 }), status: { replicas: 9 } }, 'one');
  const body = { ...deployment({ replicas: 7 }), status: { conditions: [{ type: 'A', status: 'True' }] } };
  const { object } = api.patch(
    types.deployment,
    'web',
    'shop',
    { type: 'apply', body },
    { fieldManager: 'controller', subresource: 'status' },
  );
  expect(object).toMatchObject({
    spec: { replicas: 1 },
    status: { conditions: [{ type: 'A', status: 'True' }] },
  });
  expect(object.status).not.toHaveProperty('replicas');
  expect(owners(object)).toEqual({
    'one Apply': { 'f:spec': { 'f:replicas': {} } },
    'controller Apply status': {
      'f:status': { 'f:conditions': { 'k:{"type":"A"}': { '.': {}, 'f:status': {}, 'f:type': {} } } },
    },
  });
});

test('lists of custom resources have one owner', () => {
  const { operations: api } = world();
  const gateway = (version: string, ...servers: object[]): KubeObject => ({
    apiVersion: `networking.istio.io/${version}`,
    kind: 'Gateway',
    metadata: { name: 'g', namespace: 'shop' },
    spec: { servers },
  });
  const put = (body: KubeObject, fieldManager: string, force = false) =>
    api.patch(types.gateway, 'g', 'shop', { type: 'apply', body }, { fieldManager, force });
  put(gateway('v1', { name: 'a' }), 'one');
  expect(refusal(() => put(gateway('v1', { name: 'b' }), 'two')).message).toBe(
    'Apply failed with 1 conflict: conflict with "one": .spec.servers',
  );
  const { object } = put(gateway('v1beta1', { name: 'b' }), 'one');
  expect(object).toMatchObject({ apiVersion: 'networking.istio.io/v1', spec: { servers: [{ name: 'b' }] } });
  expect(Object.keys(owners(object))).toEqual(['one Apply']);
});

test('nulls of a configuration claim nothing', () => {
  const { operations: api } = world();
  const body = {
    ...configMap('c', { a: '1' }),
    metadata: { name: 'c', creationTimestamp: null, labels: null },
  };
  const { object } = apply(api, body as never, 'one');
  expect(object.metadata).toMatchObject({ namespace: 'shop', creationTimestamp: expect.any(String) });
  expect(owners(object)).toEqual({ 'one Apply': data('a') });
});

test('a configuration with a resourceVersion or uid is for that object only', () => {
  const { operations: api } = world();
  const exact = (metadata: object) =>
    ({ ...configMap('c'), metadata: { ...configMap('c').metadata, ...metadata } }) as KubeObject;
  expect(refusal(() => apply(api, exact({ uid: 'x' }), 'one')).code).toBe(409);
  const { object } = apply(api, configMap('c', { a: '1' }), 'one');
  const { uid = '', resourceVersion = '' } = object.metadata;
  expect(refusal(() => apply(api, exact({ uid: 'x' }), 'one')).code).toBe(409);
  expect(refusal(() => apply(api, exact({ resourceVersion: '1' }), 'one', true)).code).toBe(409);
  expect(apply(api, exact({ uid, resourceVersion }), 'one').object.data).toBeUndefined();
});

const wrong: [what: string, body: unknown, fieldManager: string | undefined, message: string][] = [
  ['no manager', configMap('c'), undefined, 'fieldManager: Required value: is required for apply patch'],
  [
    'managedFields',
    { ...configMap('c'), metadata: { name: 'c', managedFields: [] } },
    'one',
    'metadata.managedFields must be nil',
  ],
  [
    'another name',
    configMap('d'),
    'one',
    'the name of the object (d) does not match the name on the URL (c)',
  ],
  [
    'another namespace',
    configMap('c', {}, 'other'),
    'one',
    'the namespace of the object (other) does not match the namespace on the URL (shop)',
  ],
  [
    'another kind',
    deployment({}),
    'one',
    'the configuration is not of a ConfigMap: apps/v1, Kind=Deployment',
  ],
  ['no object', 'text', 'one', 'an apply configuration is an object'],
];
for (const [what, body, fieldManager, message] of wrong) {
  test(`a configuration with ${what} is refused`, () => {
    const { operations: api } = world();
    const error = refusal(() =>
      api.patch(types.configMap, 'c', 'shop', { type: 'apply', body }, { fieldManager }),
    );
    expect(error).toMatchObject({ code: 400, message });
  });
}

test('a dry run of applying decides everything and leaves no trace', () => {
  const { store, operations: api } = world();
  const options = { fieldManager: 'one', dryRun: true };
  const body = configMap('c', { a: '1' });
  const run = () => api.patch(types.configMap, 'c', 'shop', { type: 'apply', body }, options);
  const revision = store.revision;
  expect(run()).toMatchObject({ created: true, object: { data: { a: '1' } } });
  expect(store.find('ConfigMap', 'c', 'shop')).toBeUndefined();
  expect(store.revision).toBe(revision);
  api.create(configMap('c', { a: '2' }), { fieldManager: 'two' });
  expect(refusal(run).code).toBe(409);
});

import { expect, test } from '@playwright/test';
import { mergePatch } from '../../../reference/store/merge-patch.ts';
import { configMap, deployment, refusal, types, world } from './objects.ts';

// The examples of RFC 7396, appendix A.
const merges: [target: unknown, patch: unknown, result: unknown][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];
for (const [target, patch, result] of merges) {
  test(`merge patch ${JSON.stringify(patch)} of ${JSON.stringify(target)}`, () => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
}

const operations: [what: string, patch: unknown, data: unknown][] = [
  ['add', [{ op: 'add', path: '/data/b', value: '2' }], { a: '1', b: '2' }],
  ['replace', [{ op: 'replace', path: '/data/a', value: '2' }], { a: '2' }],
  ['remove', [{ op: 'remove', path: '/data/a' }], {}],
  ['move', [{ op: 'move', from: '/data/a', path: '/data/b' }], { b: '1' }],
  ['a test that holds', [{ op: 'test', path: '/data/a', value: '1' }], { a: '1' }],
];
for (const [what, body, data] of operations) {
  test(`JSON patch: ${what}`, () => {
    const { operations: api } = world();
    api.create(configMap('c', { a: '1' }));
    expect(api.patch(types.configMap, 'c', 'shop', { type: 'json', body }).object.data).toEqual(data);
  });
}

const refused: [what: string, type: 'json' | 'merge' | 'strategic', body: unknown, code: number][] = [
  ['a test that fails', 'json', [{ op: 'test', path: '/data/a', value: '2' }], 422],
  ['a path that is not there', 'json', [{ op: 'remove', path: '/data/b' }], 422],
  ['a path through a string', 'json', [{ op: 'add', path: '/data/a/b', value: '2' }], 422],
  ['an unknown operation', 'json', [{ op: 'jump', path: '/data/a' }], 422],
  ['no list of operations', 'json', { op: 'remove', path: '/data/a' }, 400],
  ['a list as a merge patch', 'merge', [], 400],
  ['an old resourceVersion', 'merge', { metadata: { resourceVersion: '1' }, data: {} }, 409],
  ['another uid', 'strategic', { metadata: { uid: 'x' } }, 409],
  ['another name', 'merge', { metadata: { name: 'd' } }, 422],
  ['another kind', 'merge', { kind: 'Secret' }, 400],
  ['another creationTimestamp', 'merge', { metadata: { creationTimestamp: '2020-01-01T00:00:00Z' } }, 422],
];
for (const [what, type, body, code] of refused) {
  test(`a ${type} patch with ${what} is refused with ${code} and changes nothing`, () => {
    const { store, operations: api } = world();
    const before = api.create(configMap('c', { a: '1' }));
    expect(refusal(() => api.patch(types.configMap, 'c', 'shop', { type, body })).code).toBe(code);
    expect(store.find('ConfigMap', 'c', 'shop')).toBe(before);
  });
}

test('a patch in which one operation fails does none of them', () => {
  const { store, operations: api } = world();
  api.create(configMap('c', { a: '1' }));
  const body = [
    { op: 'add', path: '/data/b', value: '2' },
    { op: 'test', path: '/data/a', value: '0' },
  ];
  const error = refusal(() => api.patch(types.configMap, 'c', 'shop', { type: 'json', body }));
  expect(error).toMatchObject({ code: 422, reason: 'Invalid' });
  expect(store.find('ConfigMap', 'c', 'shop')?.data).toEqual({ a: '1' });
});

test('custom resources know no strategic merge patch', () => {
  const { operations: api } = world();
  api.create({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'p' } });
  const error = refusal(() =>
    api.patch(types.policy, 'p', undefined, { type: 'strategic', body: { spec: {} } }),
  );
  expect(error.toStatus()).toMatchObject({
    code: 415,
    reason: 'UnsupportedMediaType',
    message:
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  });
});

test('a strategic patch of kubectl restarts a rollout', () => {
  const { operations: api } = world();
  api.create(deployment({ template: { spec: { containers: [{ name: 'a', image: '1' }] } } }));
  const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' };
  const body = { spec: { template: { metadata: { annotations } } } };
  const { object } = api.patch(types.deployment, 'web', 'shop', { type: 'strategic', body });
  expect(object.spec).toEqual({
    template: { metadata: { annotations }, spec: { containers: [{ name: 'a', image: '1' }] } },
  });
  expect(object.metadata.generation).toBe(2);
});

test('what is not there cannot be patched', () => {
  const { operations: api } = world();
  const error = refusal(() => api.patch(types.deployment, 'x', 'shop', { type: 'merge', body: {} }));
  expect(error.message).toBe('deployments.apps "x" not found');
});

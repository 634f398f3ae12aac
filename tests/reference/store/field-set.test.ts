import { expect, test } from '@playwright/test';
import { applyMerge } from '../../../reference/store/apply-merge.ts';
import { compare } from '../../../reference/store/compare.ts';
import {
  difference,
  fromFieldsV1,
  intersection,
  pathsOf,
  recursiveDifference,
  toFieldsV1,
  union,
} from '../../../reference/store/field-set.ts';
import { fieldsOf } from '../../../reference/store/fields-of.ts';
import { schemaOf } from '../../../reference/store/schemas.ts';
import { typeOf, types } from './objects.ts';

const schemas = {
  deployment: schemaOf(types.deployment),
  gateway: schemaOf(types.gateway),
  pod: schemaOf(types.pod),
  service: schemaOf(types.service),
  networkPolicy: schemaOf(typeOf('NetworkPolicy', 'networking.k8s.io')),
};

const claims: [what: string, kind: keyof typeof schemas, value: object, fieldsV1: object][] = [
  ['values', 'pod', { spec: { hostNetwork: true } }, { 'f:spec': { 'f:hostNetwork': {} } }],
  ['an empty map', 'pod', { spec: { x: {} } }, { 'f:spec': { 'f:x': {} } }],
  [
    'ports of a container, with the protocol they default to',
    'pod',
    { spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] } },
    {
      'f:spec': {
        'f:containers': {
          'k:{"name":"a"}': {
            '.': {},
            'f:name': {},
            'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
          },
        },
      },
    },
  ],
  [
    'ports of a Service and its selector as one',
    'service',
    { spec: { ports: [{ port: 53, protocol: 'UDP' }], selector: { a: 'b' } } },
    {
      'f:spec': {
        'f:ports': { 'k:{"port":53,"protocol":"UDP"}': { '.': {}, 'f:port': {}, 'f:protocol': {} } },
        'f:selector': {},
      },
    },
  ],
  [
    'finalizers one by one',
    'gateway',
    { metadata: { finalizers: ['x'] } },
    { 'f:metadata': { 'f:finalizers': { 'v:"x"': {} } } },
  ],
  [
    'an owner as one',
    'pod',
    { metadata: { ownerReferences: [{ uid: '1', name: 'a' }] } },
    { 'f:metadata': { 'f:ownerReferences': { 'k:{"uid":"1"}': {} } } },
  ],
  [
    'lists of custom resources as one',
    'gateway',
    { spec: { servers: [{ name: 'a' }], selector: { istio: 'x' } } },
    { 'f:spec': { 'f:servers': {}, 'f:selector': { 'f:istio': {} } } },
  ],
  [
    'tolerations as one',
    'deployment',
    { spec: { template: { spec: { tolerations: [{ key: 'a' }] } } } },
    { 'f:spec': { 'f:template': { 'f:spec': { 'f:tolerations': {} } } } },
  ],
];
for (const [what, kind, value, fieldsV1] of claims) {
  test(`a configuration claims ${what}`, () => {
    expect(toFieldsV1(fieldsOf(value, schemas[kind]))).toEqual(fieldsV1);
    expect(toFieldsV1(fromFieldsV1(fieldsV1))).toEqual(fieldsV1);
  });
}

const one = fromFieldsV1({ 'f:a': { '.': {}, 'f:b': {} }, 'f:c': {} });
const other = fromFieldsV1({ 'f:a': {}, 'f:d': {} });
const algebra: [what: string, result: object, expected: object][] = [
  ['union', toFieldsV1(union(one, other)), { 'f:a': { '.': {}, 'f:b': {} }, 'f:c': {}, 'f:d': {} }],
  ['intersection', toFieldsV1(intersection(one, other)), { 'f:a': {} }],
  ['difference', toFieldsV1(difference(one, other)), { 'f:a': { 'f:b': {} }, 'f:c': {} }],
  ['recursive difference', toFieldsV1(recursiveDifference(one, other)), { 'f:c': {} }],
];
for (const [what, result, expected] of algebra) {
  test(`field sets: ${what}`, () => {
    expect(result).toEqual(expected);
  });
}

test('paths are named as conflicts name them', () => {
  const fieldsV1 = {
    'f:metadata': { 'f:finalizers': { 'v:"x"': {} } },
    'f:spec': {
      'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:image': {} } },
      'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:name': {} } },
    },
  };
  expect(pathsOf(fromFieldsV1(fieldsV1))).toEqual([
    '.metadata.finalizers[="x"]',
    '.spec.containers[name="a"]',
    '.spec.containers[name="a"].image',
    '.spec.ports[port=80,protocol="TCP"].name',
  ]);
});

const changes: [what: string, before: object, after: object, expected: object][] = [
  ['nothing', { spec: { a: 1 } }, { spec: { a: 1 } }, { added: [], modified: [], removed: [] }],
  [
    'values',
    { spec: { a: 1, b: 2 } },
    { spec: { a: 2, c: 3 } },
    { added: ['.spec.c'], modified: ['.spec.a'], removed: ['.spec.b'] },
  ],
  [
    'items of a list, whatever their order',
    { spec: { containers: [{ name: 'a', image: '1' }, { name: 'b' }] } },
    { spec: { containers: [{ name: 'c' }, { name: 'a', image: '2' }] } },
    {
      added: ['.spec.containers[name="c"]', '.spec.containers[name="c"].name'],
      modified: ['.spec.containers[name="a"].image'],
      removed: ['.spec.containers[name="b"]', '.spec.containers[name="b"].name'],
    },
  ],
  [
    'a list that is one value',
    { spec: { tolerations: [{ key: 'a' }] } },
    { spec: { tolerations: [] } },
    { added: [], modified: ['.spec.tolerations'], removed: [] },
  ],
  [
    'a list whose items have one key twice, which makes it one value',
    { spec: { containers: [{ name: 'a' }, { name: 'a' }] } },
    { spec: { containers: [{ name: 'a' }, { name: 'a', image: '1' }] } },
    { added: [], modified: ['.spec.containers'], removed: [] },
  ],
  [
    'a value that becomes a map',
    { spec: { a: 1 } },
    { spec: { a: { b: 2 } } },
    { added: ['.spec.a.b'], modified: ['.spec.a'], removed: [] },
  ],
];
for (const [what, before, after, expected] of changes) {
  test(`comparing finds ${what}`, () => {
    const found = compare(before, after, schemas.pod);
    const paths = Object.entries(found).map(([which, set]) => [which, pathsOf(set)]);
    expect(Object.fromEntries(paths)).toEqual(expected);
  });
}

const orders: [live: string, config: string, merged: string][] = [
  ['ab', 'ab', 'ab'],
  ['ab', 'ba', 'ba'],
  ['ab', 'c', 'abc'],
  ['axb', 'ba', 'xba'],
  ['xay', 'abc', 'xaybc'],
  ['', 'ab', 'ab'],
  ['ab', '', 'ab'],
];
for (const [live, config, merged] of orders) {
  test(`applying the items ${config || 'none'} to ${live || 'none'} gives ${merged}`, () => {
    const list = (names: string) => ({ spec: { containers: [...names].map((name) => ({ name })) } });
    expect(applyMerge(list(live), list(config), schemas.pod)).toEqual(list(merged));
  });
}

test('what the API replaces as one is not merged', () => {
  const live = { spec: { podSelector: { matchLabels: { a: '1' } }, ingress: [{ ports: [1] }] } };
  const config = { spec: { podSelector: { matchLabels: { b: '2' } }, ingress: [] } };
  expect(applyMerge(live, config, schemas.networkPolicy)).toEqual(config);
});

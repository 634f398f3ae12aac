import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@playwright/test';
import type { MergePatch } from '../../fixtures/guest/journal.ts';
import { reverseMergePatch, satisfies } from '../../fixtures/guest/merge-patch.ts';
import { isObject } from '../../reference/store/json.ts';
import { mergePatch } from '../../reference/store/merge-patch.ts';
import { withoutEmptyMaps } from './without-empty-maps.ts';

interface Small {
  a?: unknown;
  z?: boolean;
}

const leaf = [undefined, 1, 'x', [1], ['x', 1]];

/** Small objects of one map `m` in a place `a`, in every shape that matters. */
const objects: Small[] = [
  {},
  ...leaf.slice(1).map((a) => ({ a })),
  ...[undefined, 1, 'x'].flatMap((b) => [undefined, 2].map((c) => ({ a: defined({ b, c }) }))),
  { a: { m: {} } },
  { a: { m: { b: 1 } } },
  { a: { m: { b: 1 } }, z: true },
];
/** Small patches of the same places. `null` removes. */
const patches: MergePatch[] = [
  {},
  ...[null, 1, 'y', [1]].map((a) => ({ a })),
  ...[null, 1, 'y', [1]].map((b) => ({ a: { b } })),
  { a: {} },
  { a: { b: null, c: 3 } },
  { a: { b: 1, c: null } },
  { a: { m: { b: null } } },
  { a: { m: { b: 1, d: 4 } } },
  { a: { m: null } },
  { a: { m: {} }, y: 'new' },
];

/** In an API a field is a map or it is not: no patch turns a leaf into a map. */
const stored = objects.filter(({ a }) => a === undefined || isObject(a)).map(withoutEmptyMaps) as Small[];

/** Objects with two patches, one laid over the other. */
const pairs = cases(objects).flatMap(([before, first]) =>
  patches
    .filter((second) => isCombinable(first, second))
    .map((second): [Small, MergePatch, MergePatch] => [before, first, second]),
);

// One expectation for thousands of cases: those that came out wrong, which are to be none.

test('what a patch did is taken back, for every small object and patch', () => {
  const wrong = cases(objects).filter(([before, patch]) => {
    const current = mergePatch(before, patch) as object;
    const { patch: reverse, foreign } = reverseMergePatch([patch], before, current);
    return foreign.length > 0 || !isDeepStrictEqual(mergePatch(current, reverse), before);
  });
  expect(wrong).toEqual([]);
});

test('the same holds where the server leaves out maps that have become empty', () => {
  const wrong = cases(stored).filter(([before, patch]) => {
    const current = withoutEmptyMaps(mergePatch(before, patch)) as object;
    const { patch: reverse, foreign } = reverseMergePatch([patch], before, current);
    const restored = withoutEmptyMaps(mergePatch(current, reverse));
    return foreign.length > 0 || !isDeepStrictEqual(restored, before);
  });
  expect(wrong).toEqual([]);
});

test('a patch that was journaled but never applied leaves nothing to take back', () => {
  const nothing = { patch: {}, foreign: [] };
  const wrong = cases(objects).filter(
    ([before, patch]) =>
      !isDeepStrictEqual(reverseMergePatch([patch], before, structuredClone(before)), nothing),
  );
  expect(wrong).toEqual([]);
});

for (const [which, applied] of [
  ['both were applied', [0, 1]],
  ['only the first was applied', [0]],
  ['only the second was applied', [1]],
] as const) {
  test(`of two patches in a row, ${which}, and what they did is taken back`, () => {
    const wrong = pairs.filter(([before, ...two]) => {
      const current = applied.reduce<unknown>((object, index) => mergePatch(object, two[index]), before);
      const { patch: reverse, foreign } = reverseMergePatch(two, before, current as object);
      return foreign.length > 0 || !isDeepStrictEqual(mergePatch(current, reverse), before);
    });
    expect(wrong).toEqual([]);
  });
}

const foreign: [
  what: string,
  before: object,
  patch: MergePatch,
  current: object,
  reverse: MergePatch,
  left: string[],
][] = [
  [
    'a leaf that someone else has set since stays, and is named',
    { spec: { replicas: 1 } },
    { spec: { replicas: 0, paused: true } },
    { spec: { replicas: 5, paused: true } },
    { spec: { paused: null } },
    ['spec.replicas'],
  ],
  [
    'a leaf that someone else has removed since stays removed',
    { spec: { mode: 'a' } },
    { spec: { mode: 'b' } },
    { spec: {} },
    {},
    ['spec.mode'],
  ],
  [
    'a leaf that someone else has put back already needs nothing',
    { spec: { mode: 'a' } },
    { spec: { mode: 'b' } },
    { spec: { mode: 'a' } },
    {},
    [],
  ],
  [
    'what someone else added beside ours stays',
    { metadata: { labels: { team: 'blue' } } },
    { metadata: { labels: { 'istio-injection': 'enabled' } } },
    { metadata: { labels: { team: 'blue', 'istio-injection': 'enabled', owner: 'ann' } } },
    { metadata: { labels: { 'istio-injection': null } } },
    [],
  ],
  [
    'a map that was new goes as a whole',
    { metadata: { name: 'x' } },
    { metadata: { annotations: { a: '1', b: '2' } } },
    { metadata: { name: 'x', annotations: { a: '1', b: '2' } } },
    { metadata: { annotations: null } },
    [],
  ],
  [
    'a map that was new stays when someone else has added to it since',
    { metadata: { name: 'x' } },
    { metadata: { annotations: { a: '1' } } },
    { metadata: { name: 'x', annotations: { a: '1', theirs: '2' } } },
    { metadata: { annotations: { a: null } } },
    [],
  ],
  [
    'a whole spec that was new stays when someone else has added to it since',
    {},
    { spec: { policySyncPathPrefix: '/var/run/nodeagent' } },
    { spec: { policySyncPathPrefix: '/var/run/nodeagent', logSeverityScreen: 'Debug' } },
    { spec: { policySyncPathPrefix: null } },
    [],
  ],
  ['a leaf that someone else has turned into a map stays', { a: 1 }, { a: 2 }, { a: { b: 1 } }, {}, ['a']],
  [
    'a map that someone else has turned into a leaf stays',
    { a: { b: 1 } },
    { a: { b: 2 } },
    { a: 'flat' },
    {},
    ['a'],
  ],
  [
    'a map that we emptied gets its values back though someone else removed others',
    { a: { b: 1, c: 2 } },
    { a: { b: null } },
    {},
    { a: { b: 1 } },
    [],
  ],
];

for (const [what, before, patch, current, reverse, left] of foreign) {
  test(what, () => {
    expect(reverseMergePatch([patch], before, current)).toEqual({ patch: reverse, foreign: left });
  });
}

test('the order of keys makes no difference, the order of lists does', () => {
  const current = { a: { d: [1, 2], c: { y: 2, x: 1 } } };
  expect(satisfies(current, { a: { c: { x: 1, y: 2 }, d: [1, 2] } })).toBe(true);
  expect(satisfies(current, { a: { d: [2, 1] } })).toBe(false);
});

test('a patch is satisfied by exactly those objects that it would not change', () => {
  const wrong = cases(stored).filter(([object, patch]) => {
    const changed = withoutEmptyMaps(mergePatch(object, patch));
    return satisfies(object, withoutEmptyMaps(patch) as MergePatch) !== isDeepStrictEqual(changed, object);
  });
  expect(wrong).toEqual([]);
});

function cases(befores: readonly Small[]): [before: Small, patch: MergePatch][] {
  return befores.flatMap((before) => patches.map((patch): [Small, MergePatch] => [before, patch]));
}

/** One merge patch cannot say "remove the map, then make a new one of that name"; no step of the runbook does. */
function isCombinable(first: unknown, second: unknown): boolean {
  if (!isObject(second)) return true;
  if (first === undefined) return true;
  if (!isObject(first)) return false;
  return Object.entries(second).every(([key, value]) => isCombinable(first[key], value));
}

function defined(fields: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

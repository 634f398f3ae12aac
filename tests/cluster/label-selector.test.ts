import { expect, test } from '@playwright/test';
import { selects } from '../../fixtures/cluster/label-selector.ts';

const labels = { app: 'echo', team: 'blue' };

test('an empty selector selects everything', () => {
  expect(selects({}, {})).toBe(true);
  expect(selects({ matchLabels: {}, matchExpressions: [] }, labels)).toBe(true);
});

test('all of it must hold', () => {
  expect(selects({ matchLabels: { app: 'echo', team: 'blue' } }, labels)).toBe(true);
  expect(selects({ matchLabels: { app: 'echo', team: 'red' } }, labels)).toBe(false);
  const exists = { key: 'missing', operator: 'Exists' };
  expect(selects({ matchLabels: { app: 'echo' }, matchExpressions: [exists] }, labels)).toBe(false);
});

// A key that is not there is "not in" any set (Kubernetes documentation, "Labels and Selectors").
for (const [operator, values, there, missing] of [
  ['In', ['echo', 'x'], true, false],
  ['In', ['x'], false, false],
  ['NotIn', ['x'], true, true],
  ['NotIn', ['echo'], false, true],
  ['Exists', undefined, true, false],
  ['DoesNotExist', undefined, false, true],
] as const) {
  test(`${operator} ${values ?? ''}`, () => {
    const on = (key: string) => ({
      matchExpressions: [{ key, operator, ...(values && { values: [...values] }) }],
    });
    expect(selects(on('app'), labels)).toBe(there);
    expect(selects(on('missing'), labels)).toBe(missing);
  });
}

test('an operator that Kubernetes has not is an error', () => {
  expect(() => selects({ matchExpressions: [{ key: 'app', operator: 'Like' }] }, labels)).toThrow(
    'There is no operator Like',
  );
});

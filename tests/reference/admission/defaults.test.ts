import { expect, test } from '@playwright/test';
import { admit, policy } from './admit.ts';

const rules = [{ action: 'Allow' }];
// Measured on a real cluster (`observed/extended.md`, DEF-06).
const types: [title: string, spec: object | undefined, types: string[]][] = [
  ['ingress rules', { ingress: rules }, ['Ingress']],
  ['no rules', { selector: 'all()' }, ['Ingress']],
  ['no spec at all', undefined, ['Ingress']],
  ['egress rules', { egress: rules }, ['Egress']],
  ['both', { ingress: rules, egress: rules }, ['Ingress', 'Egress']],
  ['an empty list of types', { types: [], egress: rules }, ['Egress']],
  ['types of its own', { types: ['Egress'], ingress: rules }, ['Egress']],
  ['types that were written before its rules changed', { types: ['Ingress'], egress: rules }, ['Ingress']],
];

for (const api of ['native crds', 'api server'] as const) {
  for (const kind of [
    'GlobalNetworkPolicy',
    'NetworkPolicy',
    'StagedGlobalNetworkPolicy',
    'StagedNetworkPolicy',
  ]) {
    for (const [title, spec, expected] of types) {
      test(`${api}: a ${kind} with ${title} has ${expected.join(' and ')}`, () => {
        const stored = admit(api, policy(spec, kind));
        expect(stored.spec).toEqual({ ...spec, tier: 'default', types: expected });
      });
    }
  }
}

test('a policy stays in its tier', () => {
  expect(admit('native crds', policy({ tier: 'early' })).spec).toMatchObject({ tier: 'early' });
});

test('a tier denies in the end unless it says otherwise', () => {
  expect(admit('native crds', policy({ order: 1 }, 'Tier')).spec).toEqual({
    order: 1,
    defaultAction: 'Deny',
  });
  const pass = { defaultAction: 'Pass' };
  expect(admit('native crds', policy(pass, 'Tier')).spec).toEqual(pass);
});

test('an object is not changed in place', () => {
  const object = Object.freeze(policy(Object.freeze({ egress: Object.freeze(rules) })));
  expect(admit('native crds', object)).not.toBe(object);
});

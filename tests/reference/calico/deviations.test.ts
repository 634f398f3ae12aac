import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { deviations, deviationsOf } from '../../../reference/deviations/index.ts';
import { calicoRules } from '../../../reference/rules/calico.ts';
import { overlay } from '../../../reference/rules/rules.ts';
import { allow, deny, home, type Outcome, outcomeOf, policy, tier } from './world.ts';

const old = ['egress-policy-denies-requests', 'only-first-tier'];
const legacy = ['negations-ignored', 'path-rule-closes-tcp', 'unidentified-principal-denied'];
const raw = ['exact-path-by-bytes', 'raw-path-prefix'];
const since30 = ['http-rule-matches-tcp', 'named-ports-never-match', 'unidentified-principal-matches'];

const known: Record<string, string[]> = {
  'v3.24.1': [...old, ...legacy, ...raw],
  '3.28.5': [...old, ...legacy, ...raw],
  'v3.29.0': [...legacy, ...raw],
  'v3.29.7': [...legacy, ...raw],
  'v3.30.0': [...raw, ...since30, 'unknown-to-everything'],
  'v3.30.7': [...raw, ...since30, 'unknown-to-everything'],
  'v3.30.8': [...raw, ...since30],
  'v3.31.5': [...raw, ...since30, 'unknown-to-everything'],
  'v3.31.7': [...since30, 'unknown-to-everything'],
  'v3.31.8': since30,
  'v3.32.0': [...since30, 'staged-policies-enforced'],
  'v3.32.1': [...since30, 'staged-policies-enforced'],
  'v3.33.0-0.dev': since30,
  'v3.33.0': since30,
};

for (const [version, names] of Object.entries(known)) {
  test(`the deviations of ${version}`, () => {
    expect(deviationsOf(version).map(({ name }) => name)).toEqual(names.toSorted());
  });
}

test('what is no release has no deviations to tell', () => {
  expect(() => deviationsOf('master')).toThrow(RangeError);
});

test('each has a file of its name', () => {
  const folder = join(import.meta.dirname, '../../../reference/deviations');
  const files = readdirSync(folder).filter((file) => !['deviation.ts', 'index.ts'].includes(file));
  expect(files.map((file) => file.replace('.ts', '')).toSorted()).toEqual(
    deviations.map(({ name }) => name).toSorted(),
  );
});

test('no two deviations of a release replace the same rule, and none one that is not there', () => {
  for (const version of Object.keys(known)) {
    const replaced = deviationsOf(version).flatMap(({ rules }) => Object.keys(rules));
    expect(new Set(replaced).size, version).toBe(replaced.length);
    expect(Object.keys(calicoRules), version).toEqual(expect.arrayContaining(replaced));
  }
});

const at = (version: string) => overlay(calicoRules, ...deviationsOf(version).map(({ rules }) => rules));
const twoTiers = [
  tier('early', 100, 'Pass'),
  policy({ tier: 'early', ingress: [allow({ http: home })] }),
  policy({ ingress: [allow()] }),
];
const passing = [
  tier('early', 100),
  policy({ tier: 'early', ingress: [{ action: 'Pass' }] }),
  policy({ ingress: [allow({ http: home })] }),
];
const notBob = [
  policy({
    ingress: [
      allow({ source: { notNets: ['10.0.2.2'] }, http: home }),
      allow({ http: { paths: [{ prefix: '/open' }] } }),
    ],
  }),
];
const notWeb2 = [policy({ ingress: [allow({ destination: { notPorts: [8081] }, protocol: 'TCP' })] })];
const pathsThenTcp = [policy({ ingress: [allow({ http: { paths: [{ exact: '/' }] } }), allow()] })];

/** What is only known from the code of releases that were not measured in a cluster (alp.md, sections 1.2 to 1.4). */
const read: [what: string, objects: typeof twoTiers, ask: string, outcomes: Record<string, Outcome>][] = [
  [
    'an egress policy',
    [policy({ types: ['Egress'], egress: [allow()] })],
    'ma/alice /',
    { 'v3.28.5': 'denied', 'v3.29.7': 'allowed' },
  ],
  ['the default action of a tier', twoTiers, 'ma/alice /b', { 'v3.28.5': 'denied', 'v3.29.7': 'allowed' }],
  ['a Pass in the first tier', passing, 'ma/alice /b', { 'v3.28.5': 'allowed', 'v3.29.7': 'denied' }],
  ['notNets', notBob, 'ma/bob /', { 'v3.29.7': 'allowed', 'v3.32.1': 'denied' }],
  ['notPorts', notWeb2, 'ma/alice :8081/', { 'v3.29.7': 'leaks', 'v3.32.1': 'dropped' }],
  [
    'a certificate of no service account',
    [],
    'ma/alice as weird /',
    { 'v3.29.7': 'denied', 'v3.32.1': 'allowed' },
  ],
  [
    'TCP after a rule with paths',
    pathsThenTcp,
    'ma/alice tcp :9001',
    { 'v3.29.7': 'denied', 'v3.32.1': 'allowed' },
  ],
  [
    'TCP and an HTTP rule',
    [policy({ ingress: [allow({ http: home })] })],
    'ma/alice tcp :9001',
    { 'v3.29.7': 'denied', 'v3.32.1': 'allowed' },
  ],
  [
    'a named port',
    [policy({ ingress: [deny({ protocol: 'TCP', destination: { ports: ['web'] } }), allow()] })],
    'ma/alice /',
    { 'v3.29.7': 'dropped', 'v3.32.1': 'leaks' },
  ],
];

for (const [what, objects, ask, outcomes] of read) {
  test(`${what}, by release`, () => {
    const found = Object.keys(outcomes).map((version) => [version, outcomeOf(objects, ask, at(version))]);
    expect(Object.fromEntries(found)).toEqual(outcomes);
  });
}

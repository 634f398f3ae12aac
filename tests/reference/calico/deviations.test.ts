import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { deviations, deviationsOf } from '../../../reference/deviations/index.ts';
import { calicoRules } from '../../../reference/rules/calico.ts';
import { overlay } from '../../../reference/rules/rules.ts';
import { allow, deny, home, type Outcome, outcomeOf, policy, tier } from './world.ts';

const always = ['ip-version-ignored'];
const old = [...always, 'egress-policy-denies-requests', 'only-first-tier'];
const until30 = ['negations-ignored', 'path-rule-closes-tcp', 'unidentified-principal-denied'];
const until32 = ['http-clauses-without-limits', 'small-nets-contain-nothing', 'ties-by-stored-name'];
const legacy = [...until30, ...until32];
const raw = ['exact-path-by-bytes', 'raw-path-prefix'];
const since29 = [...always, 'tier-without-order-beside-default'];
const since30 = [...since29, 'http-rule-matches-tcp', 'unidentified-principal-matches'];
const named = ['named-ports-never-match'];
const since32 = [...since30, 'schemas-know-less', 'ties-by-joined-name'];
const latest = [...since32, 'small-nets-hide-what-they-contain'];

const known: Record<string, string[]> = {
  'v3.24.1': [...old, ...legacy, ...raw],
  '3.28.5': [...old, ...legacy, ...raw],
  'v3.29.0': [...since29, ...legacy, ...raw],
  'v3.29.7': [...since29, ...legacy, ...raw],
  'v3.30.0': [...named, ...until32, ...raw, ...since30, 'unknown-to-everything'],
  'v3.30.7': [...named, ...until32, ...raw, ...since30, 'unknown-to-everything'],
  'v3.30.8': [...named, ...until32, ...raw, ...since30],
  'v3.31.5': [...named, ...until32, ...raw, ...since30, 'unknown-to-everything'],
  'v3.31.7': [...named, ...until32, ...since30, 'unknown-to-everything'],
  'v3.31.8': [...until32, ...since30],
  'v3.32.0': [...named, ...since32, 'small-nets-contain-nothing', 'staged-policies-enforced'],
  'v3.32.1': [...named, ...latest, 'staged-policies-enforced'],
  'v3.33.0-0.dev': latest,
  'v3.33.0': latest,
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

const partners: KubeObject = {
  apiVersion: 'projectcalico.org/v3',
  kind: 'GlobalNetworkSet',
  metadata: { name: 'partners', labels: { role: 'partner' } },
  spec: { nets: ['10.0.2.0/28'] },
};

/** Two policies of one order: the first allows, the second denies. */
function tied(allowing: Named, denying: Named): KubeObject[] {
  return [
    policy({ order: 10, ingress: [allow()] }, { name: allowing[0], kind: allowing[1] }),
    policy({ order: 10, ingress: [deny()] }, { name: denying[0], kind: denying[1] }),
  ];
}

type Named = [name: string, kind: string];

/** One that allows everything. */
function kubernetes(name: string): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'srv' },
    spec: { podSelector: {}, ingress: [{}] },
  };
}

/** What is only known from the code of releases that were not measured in a cluster (alp.md, sections 1.2 to 1.4). */
const read: [what: string, objects: KubeObject[], ask: string, outcomes: Record<string, Outcome>][] = [
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
  [
    'two of one order, the one of a namespace named first',
    tied(['aa', 'NetworkPolicy'], ['mm', 'GlobalNetworkPolicy']),
    'ma/alice /',
    { 'v3.29.7': 'dropped', 'v3.32.1': 'allowed' },
  ],
  [
    'two of one order in one namespace, of which one has its tier in its name',
    tied(['b', 'NetworkPolicy'], ['default.a', 'NetworkPolicy']),
    'ma/alice /',
    { 'v3.29.7': 'dropped', 'v3.32.1': 'allowed' },
  ],
  [
    'two of one order, one of Kubernetes',
    [kubernetes('a'), policy({ order: 1000, ingress: [deny()] }, { name: 'b', kind: 'NetworkPolicy' })],
    'ma/alice /',
    { 'v3.29.7': 'dropped', 'v3.32.1': 'allowed' },
  ],
  [
    'two of one order, the name of one the beginning of the other',
    tied(['web', 'GlobalNetworkPolicy'], ['web-api', 'GlobalNetworkPolicy']),
    'ma/alice /',
    { 'v3.29.7': 'allowed', 'v3.32.1': 'dropped' },
  ],
  [
    'a tier without an order',
    [
      tier('a', undefined),
      policy({ tier: 'a', ingress: [deny()] }),
      policy({ ingress: [allow({ http: home })] }),
    ],
    'ma/alice /',
    { 'v3.28.5': 'allowed', 'v3.29.7': 'dropped', 'v3.32.1': 'dropped' },
  ],
  [
    'a network set of a small CIDR',
    [partners, policy({ ingress: [allow({ source: { selector: "role == 'partner'" } })] })],
    'ma/alice /',
    { 'v3.29.7': 'denied', 'v3.32.0': 'denied', 'v3.32.1': 'denied' },
  ],
  [
    'a pod within a small CIDR',
    [partners, policy({ ingress: [allow({ source: { selector: 'has(role) || has(app)' } })] })],
    'ma/alice /',
    { 'v3.29.7': 'allowed', 'v3.32.0': 'allowed', 'v3.32.1': 'denied' },
  ],
  [
    'a rule for the other IP version',
    [policy({ ingress: [allow({ ipVersion: 6 })] })],
    'ma/alice /',
    { 'v3.29.7': 'leaks', 'v3.32.1': 'leaks' },
  ],
];

for (const [what, objects, ask, outcomes] of read) {
  test(`${what}, by release`, () => {
    const found = Object.keys(outcomes).map((version) => [version, outcomeOf(objects, ask, at(version))]);
    expect(Object.fromEntries(found)).toEqual(outcomes);
  });
}

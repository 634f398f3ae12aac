import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { decide } from '../../fixtures/oracle/decide.ts';
import { tier } from '../../fixtures/policy-case/objects.ts';
import { answer, isOpen, kubernetesPolicy, policy, question } from './street.ts';

const Allow = { ingress: [{ action: 'Allow' }] };
const Deny = { ingress: [{ action: 'Deny' }] };
const Pass = { ingress: [{ action: 'Pass' }] };
const Log = { ingress: [{ action: 'Log' }] };
const pub = { ingress: [{ action: 'Allow', http: { paths: [{ prefix: '/pub' }] } }] };

/** What is in force, and what becomes of `/pub` and of `/` at Dikastes. */
const rows: [name: string, objects: KubeObject[], pub: boolean, rest: boolean][] = [
  ['no policy', [], true, true],
  ['one without rules', [policy({})], false, false],
  ['one that selects others', [policy({ selector: "app == 'other'" })], true, true],
  ['one that lets something in', [policy(pub)], true, false],
  [
    'the first rule that matches',
    [policy({ ingress: [...pub.ingress, ...Deny.ingress, ...Allow.ingress] })],
    true,
    false,
  ],
  ['Log goes on', [policy({ ingress: [...Log.ingress, ...pub.ingress] })], true, false],
  ['Log alone is no rule', [policy(Log)], false, false],
  ['Pass leaves the tier', [policy({ order: 1, ...Pass }), policy({ order: 2, ...Deny }, 'q')], true, true],
  [
    'order: less is first',
    [policy({ order: 9, ...Deny }), policy({ order: 10, ...Allow }, 'a')],
    false,
    false,
  ],
  ['order: none is last', [policy({ ...Deny }, 'a'), policy({ order: 99999, ...Allow }, 'z')], true, true],
  [
    'ties go by name',
    [policy({ order: 1, ...Deny }, 'web'), policy({ order: 1, ...Allow }, 'web-api')],
    false,
    false,
  ],
  [
    'a policy without rules denies nothing by itself',
    [policy({ order: 1 }), policy({ order: 2, ...pub }, 'q')],
    true,
    false,
  ],
  [
    'namespaced ones count among the others',
    [policy({ order: 1, ...Deny }, 'm'), policy({ order: 1, ...Allow }, 'a', 'srv')],
    true,
    true,
  ],
  ['those of other namespaces do not', [policy(Deny, 'p', 'ma')], true, true],
  ['types: [Egress]', [policy({ types: ['Egress'], ...Deny })], true, true],
  ['egress rules only', [policy({ egress: [{ action: 'Allow' }] })], true, true],
  ['rules of both kinds', [policy({ egress: [{ action: 'Allow' }], ...pub })], true, false],
  ['those for hosts', [policy({ doNotTrack: true, applyOnForward: true, ...Deny })], true, true],
  ['selected by service account', [policy({ serviceAccountSelector: "svc == 'srv'" })], false, false],
  ['not selected by service account', [policy({ serviceAccountSelector: "svc == 'x'" })], true, true],
  [
    'selected by namespace',
    [policy({ namespaceSelector: "team == 'blue'", selector: 'has(app)' })],
    false,
    false,
  ],
  ['not selected by namespace', [policy({ namespaceSelector: "team == 'red'" })], true, true],
  [
    "Kubernetes' are at 1000",
    [kubernetesPolicy({ podSelector: {}, ingress: [{}] }), policy({ order: 1001, ...Deny })],
    true,
    true,
  ],
  [
    "before Kubernetes'",
    [kubernetesPolicy({ podSelector: {}, ingress: [{}] }), policy({ order: 999, ...Deny })],
    false,
    false,
  ],
  [
    "Kubernetes' without rules denies nothing by itself",
    [kubernetesPolicy({ podSelector: {} }), policy({ order: 2000, ...pub })],
    true,
    false,
  ],
  ["Kubernetes' of egress", [kubernetesPolicy({ podSelector: {}, policyTypes: ['Egress'] })], true, true],
  ['a staged one', [policy(Deny, 's', undefined, 'StagedGlobalNetworkPolicy')], true, true],
  [
    'a staged one cannot open',
    [policy({ order: 1, ...Allow }, 's', 'srv', 'StagedNetworkPolicy'), policy({ order: 2, ...pub })],
    true,
    false,
  ],
  [
    'a staged one of Kubernetes',
    [policy({ podSelector: {} }, 's', 'srv', 'StagedKubernetesNetworkPolicy')],
    true,
    true,
  ],
];

for (const [name, objects, onPub, onRest] of rows) {
  test(name, () => {
    const asked = [answer(objects, { path: '/pub' }), answer(objects, { path: '/' })];
    expect(asked.map((status) => status === 'OK')).toEqual([onPub, onRest]);
    // An HTTP clause opens the network for everything.
    expect(isOpen(objects)).toBe(onPub);
  });
}

const early = (spec: object, name = 'e') => policy({ tier: 'early', ...spec }, name);
const late = (spec: object) => policy({ tier: 'late', ...spec }, 'l');
const tiers = (defaultAction: string, ...rest: KubeObject[]) => [
  tier('late', { order: 2_000_000 }),
  tier('early', { order: 100, defaultAction }),
  ...rest,
];

const tierRows: [name: string, objects: KubeObject[], pub: boolean, rest: boolean][] = [
  ['the first tier that decides', tiers('Deny', early(pub), policy(Allow)), true, false],
  ['a tier that passes at its end', tiers('Pass', early(pub), policy(Deny)), true, false],
  ['a tier that passes to nobody', tiers('Pass', early({})), true, true],
  ['a tier without policies', tiers('Deny', policy(pub)), true, false],
  ['a tier of egress alone', tiers('Deny', early({ types: ['Egress'] }), policy(pub)), true, false],
  [
    'a tier of staged ones alone',
    tiers('Deny', policy({ tier: 'early', ...pub }, 's', undefined, 'StagedGlobalNetworkPolicy')),
    true,
    true,
  ],
  ['Pass to the next tier', tiers('Deny', early(Pass), policy(pub)), true, false],
  ['a tier after the default one', tiers('Deny', policy(Pass), late(pub)), true, false],
  ['a tier after the default one is not reached', tiers('Deny', policy(pub), late(Allow)), true, false],
  [
    'tiers of one order go by name',
    [
      tier('b', { order: 5 }),
      tier('a', { order: 5 }),
      policy({ tier: 'b', ...Deny }),
      policy({ tier: 'a', ...Allow }, 'q'),
    ],
    true,
    true,
  ],
  [
    'a tier without an order is last',
    [tier('a', {}), policy({ tier: 'a', ...Deny }), policy(Allow, 'q')],
    true,
    true,
  ],
];

for (const [name, objects, onPub, onRest] of tierRows) {
  test(name, () => {
    const asked = [answer(objects, { path: '/pub' }), answer(objects, { path: '/' })];
    expect(asked.map((status) => status === 'OK')).toEqual([onPub, onRest]);
    expect(isOpen(objects)).toBe(onPub);
  });
}

test('whoever asks for a workload that is not there is told', () => {
  expect(() => decide([], { namespace: 'srv', name: 'echo' }, question({}), 'v3.32.1')).toThrow(
    'There is no pod srv/echo',
  );
});

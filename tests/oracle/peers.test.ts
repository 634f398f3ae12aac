import { expect, test } from '@playwright/test';
import { allowed, allowing, answer, isOpen, kubernetesPolicy, type Peer, peers } from './street.ts';

/** Whom a source lets in, in a policy of the whole cluster and in one of namespace `srv`. */
const sources: [source: object, global: Peer[], namespaced: Peer[]][] = [
  [{}, peers, peers],
  [
    { selector: 'all()' },
    ['srv/alice', 'ma/alice', 'ma/bob', 'mb/alice', 'partner', 'office'],
    ['srv/alice'],
  ],
  [{ selector: "app == 'alice'" }, ['srv/alice', 'ma/alice', 'mb/alice', 'partner', 'office'], ['srv/alice']],
  [{ selector: "role == 'office'" }, ['office'], []],
  [
    { notSelector: "app == 'alice'" },
    ['ma/bob', 'ma/gone', 'ma/host', 'nobody'],
    // Whoever selects in a namespace selects among its own.
    [],
  ],
  [{ selector: 'has(app)', notSelector: "app == 'alice'" }, ['ma/bob'], []],
  [
    { namespaceSelector: "team == 'red'" },
    ['ma/alice', 'ma/bob', 'office'],
    ['ma/alice', 'ma/bob', 'office'],
  ],
  [{ namespaceSelector: "projectcalico.org/name == 'mb'" }, ['mb/alice'], ['mb/alice']],
  [
    { namespaceSelector: 'all()' },
    ['srv/alice', 'ma/alice', 'ma/bob', 'mb/alice', 'office'],
    ['srv/alice', 'ma/alice', 'ma/bob', 'mb/alice', 'office'],
  ],
  [{ namespaceSelector: 'global()' }, ['partner'], ['partner']],
  [{ namespaceSelector: "team == 'red'", selector: "app == 'bob'" }, ['ma/bob'], ['ma/bob']],
  [{ serviceAccounts: { names: ['alice'] } }, ['srv/alice', 'ma/alice', 'mb/alice'], ['srv/alice']],
  [
    { serviceAccounts: { selector: "role == 'reader'" } },
    ['srv/alice', 'ma/alice', 'mb/alice'],
    ['srv/alice'],
  ],
  [{ serviceAccounts: { names: ['bob'], selector: "role == 'reader'" } }, [], []],
  [{ serviceAccounts: {} }, peers, peers],
  [{ serviceAccounts: { names: ['alice'] }, namespaceSelector: "team == 'red'" }, ['ma/alice'], ['ma/alice']],
  [{ nets: ['10.0.1.0/24'] }, ['ma/alice', 'ma/bob', 'ma/gone'], ['ma/alice', 'ma/bob', 'ma/gone']],
  [{ nets: ['10.0.0.0/8'], notNets: ['10.0.1.0/24', '10.0.2.1/32'] }, ['srv/alice'], ['srv/alice']],
  [{ nets: ['10.0.1.0/24'], selector: "app == 'bob'" }, ['ma/bob'], []],
];

for (const [source, global, namespaced] of sources) {
  test(`source ${JSON.stringify(source)}`, () => {
    expect(allowed([allowing({ source })])).toEqual(global);
    expect(allowed([allowing({ source }, 'srv')])).toEqual(namespaced);
  });
}

test('a service account must be shown and be at its address', () => {
  const policies = [
    allowing({ source: { serviceAccounts: { names: ['alice'] }, namespaceSelector: "team == 'red'" } }),
  ];
  const principal = 'spiffe://cluster.local/ns/ma/sa/alice';
  expect(answer(policies, { from: 'ma/alice' })).toBe('OK');
  expect(answer(policies, { from: 'ma/alice', principal: '' })).toBe('OK');
  expect(answer(policies, { from: 'ma/alice', principal: 'spiffe://other/ns/ma/sa/alice' })).toBe('OK');
  for (const stolen of ['ma/bob', 'mb/alice', 'nobody'] as const) {
    expect(answer(policies, { from: stolen, principal })).toBe('PERMISSION_DENIED');
  }
  for (const other of ['spiffe://cluster.local/ns/ma/sa/bob', 'spiffe://cluster.local/weird', 'CN=alice']) {
    expect(answer(policies, { from: 'ma/alice', principal: other })).toBe('PERMISSION_DENIED');
  }
  expect(answer([allowing({})], { principal: 'spiffe://cluster.local/weird' })).toBe('OK');
});

test('a set of networks has what its CIDRs contain, whatever their sizes', () => {
  const policies = [allowing({ source: { selector: "role == 'partner'" } })];
  expect(allowed(policies)).toEqual(['partner']);
  expect(isOpen(policies, { from: 'partner' })).toBe(true);
});

const kubernetesPeers: [from: object[] | undefined, allowed: Peer[]][] = [
  [undefined, peers],
  [[], peers],
  [[{ podSelector: {} }], ['srv/alice']],
  [
    [{ podSelector: { matchLabels: { app: 'alice' } }, namespaceSelector: {} }],
    ['srv/alice', 'ma/alice', 'mb/alice'],
  ],
  [[{ namespaceSelector: { matchLabels: { team: 'red' } } }], ['ma/alice', 'ma/bob']],
  [
    [{ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['red'] }] } }],
    ['srv/alice', 'mb/alice'],
  ],
  [[{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.1.0/24'] } }], ['srv/alice', 'mb/alice']],
  [
    [{ ipBlock: { cidr: '8.0.0.0/8' } }, { podSelector: {} }],
    ['srv/alice', 'nobody'],
  ],
];

for (const [from, expected] of kubernetesPeers) {
  test(`Kubernetes' from: ${JSON.stringify(from)}`, () => {
    const ingress = [from === undefined ? {} : { from }];
    expect(allowed([kubernetesPolicy({ podSelector: {}, policyTypes: ['Ingress'], ingress })])).toEqual(
      expected,
    );
  });
}

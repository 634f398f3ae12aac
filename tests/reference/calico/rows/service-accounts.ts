import type { EntityRule } from '../../../../reference/calico/policy.ts';
import { allow, deny, home, opened, policy } from '../world.ts';
import { but, type Row } from './row.ts';

const clients = ['ma/alice', 'ma/bob', 'mb/alice', 'srv/alice'] as const;
const readers = { selector: "role == 'reader'" };
const alice = { names: ['alice'] };
const red = "team == 'red'";

/** Those named are allowed, the others neither connected nor answered. */
function only(...allowed: readonly string[]): Row['asks'] {
  return Object.fromEntries(
    clients.map((client) => [`${client} /`, allowed.includes(client) ? 'allowed' : 'dropped'] as const),
  );
}

const global = (row: string, source: EntityRule, allowed: string[]): Row => ({
  row,
  objects: [policy({ order: 10, ingress: [allow({ source })] })],
  asks: only(...allowed),
});

const namespaced = (row: string, source: EntityRule, allowed: string[]): Row => ({
  row,
  objects: [policy({ order: 10, ingress: [allow({ source })] }, { kind: 'NetworkPolicy' })],
  asks: only(...allowed),
});

const aliceOfRed = [
  policy({
    order: 10,
    ingress: [allow({ source: { serviceAccounts: alice, namespaceSelector: red } }), opened],
  }),
];

/** extended.md, section 3. */
export const serviceAccounts: Row[] = [
  global('SA-01', { serviceAccounts: alice }, ['ma/alice', 'mb/alice', 'srv/alice']),
  global('SA-02', { serviceAccounts: readers }, ['ma/alice', 'mb/alice', 'srv/alice']),
  global('SA-03', { serviceAccounts: alice, namespaceSelector: red }, ['ma/alice']),
  global('SA-03b', { namespaceSelector: red }, ['ma/alice', 'ma/bob']),
  namespaced('SA-04', { serviceAccounts: alice }, ['srv/alice']),
  namespaced('SA-04b', { serviceAccounts: alice, namespaceSelector: red }, ['ma/alice']),
  namespaced('SA-04c', { serviceAccounts: alice, namespaceSelector: 'all()' }, [
    'ma/alice',
    'mb/alice',
    'srv/alice',
  ]),
  namespaced('SA-04d', { serviceAccounts: readers }, ['srv/alice']),
  namespaced('SA-04e', { selector: "app == 'alice'" }, ['srv/alice']),
  namespaced('NetworkPolicy, nets only', { nets: ['10.0.0.0/8'] }, [...clients]),
  {
    row: 'SA-05',
    objects: aliceOfRed,
    asks: {
      'ma/alice /': 'allowed',
      'ma/alice as ma/bob /': 'denied',
      'ma/bob as ma/alice /': 'denied',
      'mb/alice as ma/alice /': 'denied',
      'ma/alice as mb/alice /': 'denied',
    },
  },
  {
    row: 'SA-05b',
    objects: aliceOfRed,
    asks: { 'ma/alice as weird /': but('denied', 'allowed'), 'ma/bob as weird /': 'denied' },
  },
  {
    row: 'an unidentified client where no clause asks who it is',
    objects: [policy({ ingress: [allow({ http: home })] })],
    asks: { 'ma/alice as weird /': 'allowed' },
  },
  {
    row: 'SA-07',
    objects: [
      policy({
        order: 10,
        selector: "app == 'frontend'",
        ingress: [
          allow({
            source: { serviceAccounts: { names: ['istio-ingressgateway-service-account'] } },
            http: home,
          }),
          allow({ http: { paths: [{ prefix: '/static' }] } }),
        ],
      }),
    ],
    asks: {
      'gateway /': 'allowed',
      'gateway /cart': 'denied',
      'gateway as ma/alice /': 'denied',
      'gateway as ma/alice /static/a': 'allowed',
    },
  },
  {
    row: 'SA-08',
    objects: [policy({ selector: '', serviceAccountSelector: "svc == 'srv'", ingress: [deny()] })],
    asks: { 'ma/alice /': 'dropped', 'gateway /': 'allowed' },
  },
  {
    row: 'SA-08 other',
    objects: [policy({ serviceAccountSelector: "svc == 'other'", ingress: [deny()] })],
    asks: { 'ma/alice /': 'allowed' },
  },
  {
    row: 'SA-08c',
    objects: [
      policy(
        { selector: '', serviceAccountSelector: "svc == 'srv'", ingress: [allow({ http: home })] },
        { kind: 'NetworkPolicy' },
      ),
    ],
    asks: { 'ma/alice /': 'allowed', 'ma/alice /b': 'denied' },
  },
  {
    row: 'SA-09',
    objects: [
      policy({
        ingress: [
          allow({
            protocol: 'TCP',
            source: { serviceAccounts: alice, namespaceSelector: red },
            destination: { ports: [8080] },
            http: home,
          }),
        ],
      }),
    ],
    asks: {
      'ma/alice /': 'allowed',
      'ma/alice /b': 'denied',
      'ma/alice POST /': 'denied',
      'ma/alice :8081/': 'dropped',
      'ma/alice :8082/': 'dropped',
      'ma/bob /': 'dropped',
      'mb/alice /': 'dropped',
    },
  },
  {
    row: 'SA, plaintext: the address alone decides',
    objects: aliceOfRed,
    asks: { 'ma/alice as plaintext /': 'allowed', 'ma/bob as plaintext /': 'denied' },
  },
  {
    row: 'SA, from the host network',
    objects: [policy({ ingress: [allow({ source: { serviceAccounts: alice } })] })],
    asks: { 'host /': 'denied' },
  },
  {
    row: 'namespaceSelector of the policy',
    objects: [
      policy({ selector: '', namespaceSelector: "projectcalico.org/name == 'srv'", ingress: [deny()] }),
    ],
    asks: { 'ma/alice /': 'dropped', 'gateway /': 'allowed' },
  },
  {
    row: 'a network set',
    objects: [
      {
        apiVersion: 'projectcalico.org/v3',
        kind: 'GlobalNetworkSet',
        metadata: { name: 'reds', labels: { set: 'red' } },
        spec: { nets: ['10.0.2.0/24'] },
      },
      policy({ ingress: [allow({ source: { selector: "set == 'red'" } })] }),
    ],
    asks: only('ma/alice', 'ma/bob'),
  },
  {
    row: 'a network set of the cluster under global()',
    objects: [
      {
        apiVersion: 'projectcalico.org/v3',
        kind: 'GlobalNetworkSet',
        metadata: { name: 'bobs', labels: { app: 'x' } },
        spec: { nets: ['10.0.2.2'] },
      },
      policy({ ingress: [allow({ source: { selector: 'has(app)', namespaceSelector: 'global()' } })] }),
    ],
    asks: { 'ma/alice as plaintext /': 'dropped', 'ma/bob as plaintext /': 'allowed' },
  },
];

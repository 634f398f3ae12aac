import type { KubeObject } from '../../../../fixtures/cluster/objects.ts';
import { allow, deny, home, policy, tier } from '../world.ts';
import type { Row } from './row.ts';

const bob = { source: { serviceAccounts: { names: ['bob'] } } };
const pageB = { methods: ['GET'], paths: [{ exact: '/b' }] };
const onlyHome: Row['asks'] = { 'ma/alice /': 'allowed', 'ma/alice /b': 'denied' };
const open: Row['asks'] = { 'ma/alice /': 'allowed', 'ma/alice /b': 'allowed' };
const closed: Row['asks'] = { 'ma/alice /': 'dropped' };

const early = (defaultAction: 'Deny' | 'Pass', ...ingress: Parameters<typeof policy>[0]['ingress'] & {}) => [
  tier('early', 100, defaultAction),
  policy({ tier: 'early', types: ['Ingress'], ingress }, { name: 'early.t' }),
];

function row(row: string, objects: KubeObject[], asks: Row['asks']): Row {
  return { row, objects, asks };
}

function kubernetesPolicy(spec: Record<string, unknown>): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'np', namespace: 'srv' },
    spec: { podSelector: { matchLabels: { app: 'echo' } }, ...spec },
  };
}

/** extended.md, section 4, and order-variants.txt in its other forms. */
export const tierRows: Row[] = [
  row('ORD-03', [policy({ ingress: [{ action: 'Log' }, allow({ http: home })] })], onlyHome),
  row(
    'ORD-04',
    [policy({ order: 10, ingress: [{ action: 'Pass' }] }), policy({ order: 20, types: ['Ingress'] })],
    open,
  ),
  row('ORD-04 alone', [policy({ ingress: [{ action: 'Pass' }] })], open),
  row('ORD-04c', [policy({ ingress: [{ action: 'Pass', ...bob }, allow({ http: home })] })], {
    ...onlyHome,
    'ma/bob /': 'allowed',
    'ma/bob /b': 'allowed',
  }),
  row('TIER-01a', early('Deny', allow({ http: home })), onlyHome),
  row('TIER-01b', [...early('Deny', allow({ http: home })), policy({ types: ['Ingress'] })], onlyHome),
  row('TIER-01c', [...early('Deny', { action: 'Pass' }), policy({ ingress: [allow({ http: pageB })] })], {
    'ma/alice /': 'denied',
    'ma/alice /b': 'allowed',
  }),
  row('TIER-01d', [...early('Deny', deny(bob), { action: 'Pass' }), policy({ ingress: [allow()] })], {
    'ma/alice /': 'allowed',
    'ma/bob /': 'dropped',
  }),
  row(
    'TIER-01e',
    [
      tier('early', 100),
      policy({ tier: 'early', types: ['Egress'], egress: [allow()] }),
      policy({ ingress: [allow({ http: home })] }),
    ],
    onlyHome,
  ),
  row('TIER-02a', [...early('Pass', allow({ http: home })), policy({ ingress: [allow({ http: pageB })] })], {
    ...open,
    'ma/alice /c': 'denied',
  }),
  row('TIER-02b', early('Pass', allow({ http: home })), open),
  row('TIER-02c', [...early('Pass'), policy({ types: ['Ingress'] })], closed),
  row('TIER-02d', early('Pass'), open),
  row('TIER-02e', [...early('Deny'), policy({ ingress: [allow()] })], closed),
  row(
    'TIER-03',
    [
      tier('late', 2_000_000),
      policy({ ingress: [allow({ http: home })] }),
      policy({ tier: 'late', ingress: [allow()] }),
    ],
    onlyHome,
  ),
  row(
    'TIER-03, default Pass',
    [
      tier('late', 2_000_000),
      policy({ ingress: [{ action: 'Pass' }] }),
      policy({ tier: 'late', ingress: [allow({ http: home })] }),
    ],
    onlyHome,
  ),
  row('TIER-03, late alone', [tier('late', 2_000_000), policy({ tier: 'late' })], closed),
  row('a policy of a tier that is not there', [policy({ tier: 'nowhere', ingress: [deny()] })], open),
  row('DEF-06, no rules', [policy({})], closed),
  row('DEF-06, egress only', [policy({ egress: [allow()] })], open),
  row('DEF-06, both', [policy({ ingress: [allow({ http: home })], egress: [allow()] })], onlyHome),
  row('DEF-06e', [policy({ types: ['Egress'], ingress: [deny()] })], open),
  row('DEF-06g', [policy({ types: ['Ingress'], egress: [allow()] })], closed),
  row('DEF-07', [policy({ types: ['Egress'] })], open),
  ...(
    [
      ['aa', 'bb', open],
      ['bb', 'aa', closed],
    ] as const
  ).flatMap(([allowing, denying, asks]) => [
    row(
      `ORD ties: ${allowing} allows, ${denying} denies`,
      [
        policy({ order: 10, ingress: [allow()] }, { name: allowing }),
        policy({ order: 10, ingress: [deny()] }, { name: denying }),
      ],
      asks,
    ),
    row(
      `ORD ties without order: ${allowing} allows, ${denying} denies`,
      [policy({ ingress: [deny()] }, { name: denying }), policy({ ingress: [allow()] }, { name: allowing })],
      asks,
    ),
  ]),
  row(
    'ORD ties: no order is last',
    [
      policy({ ingress: [deny()] }, { name: 'aa' }),
      policy({ order: 99_999, ingress: [allow()] }, { name: 'bb' }),
    ],
    open,
  ),
  ...(
    [
      ['aa', open],
      ['zz', closed],
    ] as const
  ).map(([name, asks]) =>
    row(
      `ORD ties across kinds: ${name}`,
      [
        policy({ order: 10, ingress: [deny()] }, { name: 'mm' }),
        policy({ order: 10, ingress: [allow()] }, { name, kind: 'NetworkPolicy' }),
      ],
      asks,
    ),
  ),
  ...[10, 2000].map((order) =>
    row(
      `Kubernetes policy without rules, Allow at ${order}`,
      [kubernetesPolicy({ policyTypes: ['Ingress'] }), policy({ order, ingress: [allow({ http: home })] })],
      onlyHome,
    ),
  ),
  row(
    'Kubernetes policy has order 1000',
    [kubernetesPolicy({ ingress: [{}] }), policy({ order: 1001, ingress: [deny()] })],
    open,
  ),
  row(
    'Kubernetes policy comes after 999',
    [kubernetesPolicy({ ingress: [{}] }), policy({ order: 999, ingress: [deny()] })],
    closed,
  ),
  row(
    'Kubernetes policy with peers and port',
    [
      kubernetesPolicy({
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchLabels: { team: 'red' } },
                podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['alice'] }] },
              },
              { ipBlock: { cidr: '10.0.3.0/24', except: ['10.0.3.1/32'] } },
            ],
            ports: [{ port: 8080 }],
          },
        ],
      }),
    ],
    {
      'ma/alice /': 'allowed',
      'ma/bob /': 'dropped',
      'mb/alice /': 'dropped',
      'ma/alice :8081/': 'dropped',
    },
  ),
  row(
    'Kubernetes policy with pods of its own namespace and a range',
    [
      kubernetesPolicy({
        ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8000, endPort: 8081 }] }],
      }),
    ],
    { 'srv/alice :8081/': 'allowed', 'srv/alice :8082/': 'dropped', 'ma/alice /': 'dropped' },
  ),
  row(
    'a source rule selector that does not parse',
    [
      policy({ order: 10, ingress: [allow({ source: { selector: 'app = x' } }), allow()] }),
      policy({ order: 20, types: ['Ingress'] }),
    ],
    closed,
  ),
  row('egress of the client', [policy({ selector: "app == 'alice'", egress: [deny()] })], {
    // Dikastes beside echo is not asked before there is a connection.
    'ma/alice /': 'leaks',
    'ma/bob /': 'allowed',
  }),
];

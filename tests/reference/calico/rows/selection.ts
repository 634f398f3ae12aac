import type { KubeObject } from '../../../../fixtures/cluster/objects.ts';
import type { RuleSpec } from '../../../../reference/calico/policy.ts';
import { allow, deny, home, policy } from '../world.ts';
import { but, type Row } from './row.ts';

const of = (...ingress: RuleSpec[]) => policy({ order: 10, ingress });
const [alice, bob] = ['ma/alice /', 'ma/bob /'];
/** The address alone decides. */
const plain = 'ma/alice as plaintext /';
const partner = "role == 'partner'";

function set(nets: string[], namespace?: string): KubeObject {
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: namespace === undefined ? 'GlobalNetworkSet' : 'NetworkSet',
    metadata: { name: 'partners', labels: { role: 'partner' }, ...(namespace && { namespace }) },
    spec: { nets },
  };
}

const aroundAlice = set(['10.0.2.0/24']);

/** Whom rules mean. Not measured in a cluster: the code of Felix says so, and Dikastes was recorded with it. */
export const selectionRows: Row[] = [
  {
    row: 'a network set',
    objects: [aroundAlice, of(allow({ source: { selector: partner } }))],
    asks: { [alice]: 'allowed', [bob]: 'allowed', 'mb/alice /': 'dropped' },
  },
  {
    row: 'a network set of a small CIDR',
    objects: [set(['10.0.2.0/28']), of(allow({ source: { selector: partner } }))],
    asks: { [alice]: but('allowed', 'denied') },
  },
  ...(
    [
      ['all()', 'dropped'],
      ['global()', 'allowed'],
      ['!global()', 'dropped'],
      ['all() || global()', 'allowed'],
      ['all() && global()', 'dropped'],
      ['has(team)', 'dropped'],
      ['!has(team)', 'allowed'],
    ] as const
  ).map(([namespaceSelector, outcome]) => ({
    row: `a network set in no namespace, ${namespaceSelector}`,
    objects: [aroundAlice, of(allow({ source: { selector: partner, namespaceSelector } }))],
    asks: { [plain]: outcome },
  })),
  {
    row: 'a network set of a namespace',
    objects: [
      set(['10.0.2.0/24'], 'srv'),
      of(allow({ source: { selector: `${partner} && pcns.team == 'blue'` } })),
    ],
    asks: { [alice]: 'allowed', 'mb/alice /': 'dropped' },
  },
  {
    row: 'a network set and a selector of service accounts',
    objects: [aroundAlice, of(allow({ source: { serviceAccounts: { selector: '!has(role)' } } }))],
    asks: { [plain]: 'allowed', 'mb/alice as plaintext /': 'dropped' },
  },
  {
    row: 'a network set and a name of a service account',
    objects: [aroundAlice, of(allow({ source: { serviceAccounts: { names: ['bob'] } } }))],
    asks: { [plain]: 'dropped' },
  },
  {
    row: 'a network set and pods of Kubernetes',
    objects: [
      set(['10.0.2.0/24'], 'srv'),
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'np', namespace: 'srv' },
        spec: {
          podSelector: {},
          ingress: [
            { from: [{ podSelector: {} }, { namespaceSelector: { matchLabels: { team: 'blue' } } }] },
          ],
        },
      },
    ],
    asks: { [plain]: 'dropped', 'srv/alice /': 'allowed' },
  },
  {
    row: 'labels of the namespace and of the service account',
    objects: [of(allow({ source: { selector: "pcns.team == 'red' && pcsa.role == 'reader'" } }))],
    asks: { [alice]: 'allowed', [bob]: 'dropped', 'mb/alice /': 'dropped' },
  },
  {
    row: 'what is excluded is taken out of what is selected',
    objects: [of(allow({ source: { selector: 'has(app)', notSelector: "app == 'bob'" } }))],
    asks: { [alice]: 'allowed', [bob]: 'dropped' },
  },
  {
    row: 'a network set is left when the pod is excluded',
    objects: [
      aroundAlice,
      of(allow({ source: { selector: 'has(app) || has(role)', notSelector: "app == 'bob'" } })),
    ],
    asks: { [bob]: 'allowed' },
  },
  {
    row: 'a named port of a pod that is not selected itself',
    objects: [
      set(['10.0.1.0/24']),
      of(allow({ protocol: 'TCP', destination: { selector: partner, ports: ['web'] } })),
    ],
    asks: { [alice]: 'dropped' },
  },
  {
    row: 'a rule for the other IP version',
    objects: [of(allow({ ipVersion: 6 }))],
    asks: { [alice]: but('dropped', 'leaks') },
  },
  {
    row: 'a rule for this IP version',
    objects: [of(allow({ ipVersion: 4 }))],
    asks: { [alice]: 'allowed' },
  },
  {
    row: 'a rule with CIDRs of the other IP version only',
    objects: [of(allow({ source: { notNets: ['fd00::/8'] } }))],
    asks: { [alice]: but('dropped', 'leaks') },
  },
  {
    row: 'a rule with CIDRs of both versions',
    objects: [of(allow({ source: { notNets: ['fd00::/8', '10.0.2.2/32'] } }))],
    asks: { [alice]: 'allowed', [bob]: 'dropped' },
  },
  ...['doNotTrack', 'preDNAT'].map((field) => ({
    row: `a policy of host endpoints, ${field}`,
    objects: [policy({ ingress: [deny()], [field]: true })],
    asks: { [alice]: 'allowed' as const },
  })),
  {
    row: 'a path entry that says nothing beside another',
    objects: [of(allow({ http: { ...home, paths: [{}, ...home.paths] } }))],
    asks: { [alice]: 'allowed', 'ma/alice /b': 'denied' },
  },
];

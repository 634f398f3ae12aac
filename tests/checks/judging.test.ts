import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { discoveryLabels, type MeshConfig } from '../../fixtures/injector/mesh-config.ts';
import { refusal } from '../../scripts/targets/checks/admission.ts';
import { type Finding, sentenceOf } from '../../scripts/targets/checks/check.ts';
import { judge as judgeDataPlane, setting } from '../../scripts/targets/checks/data-plane.ts';
import { judge as judgeSettings } from '../../scripts/targets/checks/mesh-settings.ts';
import { importsDikastes, sidecarOf } from '../../scripts/targets/checks/sidecars.ts';

// The parts of the checks that need no cluster: what is made of what was read.

function told(finding: Finding): string {
  return `${finding.verdict}: ${sentenceOf(finding)}`;
}

const felix = (spec: object) => ({ spec }) as unknown as KubeObject;
const calicoNode = (env: object[]) =>
  ({ spec: { template: { spec: { containers: [{ env }] } } } }) as unknown as KubeObject;

const dataPlanes: [
  what: string,
  kind: string,
  calico: string,
  stored: object,
  env: object[],
  verdict: RegExp,
][] = [
  ['iptables', 'iptables', 'v3.32.1', {}, [], /^fit: Felix enforces with iptables/],
  ['nftables', 'nftables', 'v3.32.1', {}, [], /^fit: Felix enforces with nftables/],
  ['what cannot be told', 'unknown', 'v3.32.1', {}, [], /^untold: It cannot be told/],
  [
    'eBPF by default',
    'bpf',
    'v3.32.1',
    {},
    [],
    /^unfit: .+eBPF.+set bpfConnectTimeLoadBalancing to Disabled/,
  ],
  ['eBPF for TCP', 'bpf', 'v3.32.1', { bpfConnectTimeLoadBalancing: 'TCP' }, [], /^unfit:/],
  [
    'eBPF without balancing on connect',
    'bpf',
    'v3.32.1',
    { bpfConnectTimeLoadBalancing: 'Disabled' },
    [],
    /^fit: Felix enforces with eBPF/,
  ],
  [
    'eBPF whose environment overrules its configuration',
    'bpf',
    'v3.32.1',
    { bpfConnectTimeLoadBalancing: 'Disabled' },
    [{ name: 'FELIX_BPFCONNECTTIMELOADBALANCING', value: 'TCP' }],
    /^unfit:/,
  ],
  [
    'eBPF of before 3.27, whose switch had another name',
    'bpf',
    'v3.24.1',
    { bpfConnectTimeLoadBalancingEnabled: false },
    [],
    /^fit:/,
  ],
  [
    'eBPF of today with the former switch, which does nothing any more',
    'bpf',
    'v3.32.1',
    { bpfConnectTimeLoadBalancingEnabled: false },
    [],
    /^unfit:/,
  ],
  [
    'iptables that rejects',
    'iptables',
    'v3.32.1',
    { iptablesFilterDenyAction: 'Reject' },
    [],
    /^unfit: Felix rejects .+iptablesFilterDenyAction is Reject.+to Drop/,
  ],
  [
    'nftables that rejects, by its environment',
    'nftables',
    'v3.32.1',
    {},
    [{ name: 'FELIX_NFTABLESFILTERDENYACTION', value: 'REJECT' }],
    /^unfit: .+nftablesFilterDenyAction/,
  ],
  [
    'nftables, where iptables would reject',
    'nftables',
    'v3.32.1',
    { iptablesFilterDenyAction: 'Reject' },
    [],
    /^fit:/,
  ],
];

for (const [what, kind, calico, stored, env, verdict] of dataPlanes) {
  test(`data plane: ${what}`, () => {
    const finding = judgeDataPlane(kind, calico, (name) => setting(name, felix(stored), calicoNode(env)));
    expect(told(finding)).toMatch(verdict);
  });
}

const surroundings = {
  namespace: 'istio-system',
  clusterDomain: 'cluster.local',
  shopLabels: { 'kubernetes.io/metadata.name': 'default', team: 'blue' },
};
const both = '%REQ(USER-AGENT)% %RESPONSE_CODE_DETAILS%';

const settings: [what: string, mesh: MeshConfig, around: Partial<typeof surroundings>, verdict: RegExp][] = [
  ['by default', {}, {}, /^fit:/],
  ['another root namespace', { rootNamespace: 'root' }, {}, /^unfit: .+root namespace is root/],
  ['another domain', {}, { clusterDomain: 'example.org' }, /^unfit: .+domain is example\.org/],
  ['discovery of the shop', { discoverySelectors: [{ matchLabels: { team: 'blue' } }] }, {}, /^fit:/],
  [
    'discovery of others',
    { discoverySelectors: [{ matchLabels: { team: 'red' } }] },
    {},
    /^unfit: istiod takes no notice of namespace default/,
  ],
  [
    'discovery of everything by an empty selector',
    { discoverySelectors: [{ matchExpressions: [{ key: 'team', operator: 'In', values: [] }] }, {}] },
    {},
    /^fit:/,
  ],
  [
    'Services that their namespaces alone see',
    { defaultServiceExportTo: ['.'] },
    {},
    /^unfit: The mesh shows Services to \. only/,
  ],
  ['a format of its own with what is needed', { accessLogFormat: `x ${both}` }, {}, /^fit:/],
  [
    'a format of its own without the details',
    { accessLogFormat: '%REQ(USER-AGENT)%' },
    {},
    /^unfit: .+leaves out %RESPONSE_CODE_DETAILS%,/,
  ],
  [
    'sidecars that know Services alone',
    { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
    {},
    /^note: .+REGISTRY_ONLY/,
  ],
];

for (const [what, mesh, around, verdict] of settings) {
  test(`the mesh's settings: ${what}`, () => {
    expect(told(judgeSettings(mesh, { ...surroundings, ...around }))).toMatch(verdict);
  });
}

const discovered: [what: string, selectors: MeshConfig['discoverySelectors'], labels: object | undefined][] =
  [
    ['everything', undefined, {}],
    ['a label', [{ matchLabels: { mesh: 'yes' } }], { mesh: 'yes' }],
    [
      'one of several values',
      [{ matchExpressions: [{ key: 'env', operator: 'In', values: ['a', 'b'] }] }],
      { env: 'a' },
    ],
    [
      'a label with any value',
      [{ matchExpressions: [{ key: 'mesh', operator: 'Exists' }] }],
      { mesh: 'true' },
    ],
    ['whatever lacks a label', [{ matchExpressions: [{ key: 'off', operator: 'DoesNotExist' }] }], {}],
    [
      'a label, by the second selector',
      [{ matchExpressions: [{ key: 'env', operator: 'In', values: [] }] }, { matchLabels: { mesh: 'yes' } }],
      { mesh: 'yes' },
    ],
    ['nothing', [{ matchExpressions: [{ key: 'env', operator: 'In', values: [] }] }], undefined],
  ];

for (const [what, discoverySelectors, labels] of discovered) {
  test(`where istiod takes notice of ${what}, a sandbox has the labels ${JSON.stringify(labels)}`, () => {
    expect(discoveryLabels({ ...(discoverySelectors && { discoverySelectors }) })).toEqual(labels);
  });
}

function sidecar(name: string, spec: object, day = 1): KubeObject {
  const [namespace = '', own = ''] = name.split('/');
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: own, namespace, creationTimestamp: `2026-01-0${day}T00:00:00Z` },
    spec,
  };
}

const imports: [hosts: string[], imported: boolean][] = [
  [['*/*'], true],
  [['./*', 'istio-system/*'], true],
  [['./*', '*/dikastes.calico.cluster.local'], true],
  [['istio-system/dikastes.calico.cluster.local'], true],
  [['*/*.calico.cluster.local'], true],
  [['./*'], false],
  [['~/*'], false],
  [['istio-system/*.svc.cluster.local'], false],
  [['default/*', 'bank/*'], false],
];

for (const [hosts, imported] of imports) {
  test(`a Sidecar with ${hosts.join(', ')} ${imported ? 'knows' : 'does not know'} Dikastes`, () => {
    expect(importsDikastes(sidecar('default/x', { egress: [{ hosts }] }), 'istio-system')).toBe(imported);
  });
}

test('a Sidecar without egress listeners knows everything, one for a port what has that port alone', () => {
  expect(importsDikastes(sidecar('default/x', {}), 'istio-system')).toBe(true);
  const forPort = sidecar('default/x', { egress: [{ port: { number: 80 }, hosts: ['*/*'] }] });
  expect(importsDikastes(forPort, 'istio-system')).toBe(false);
});

const forAll = sidecar('istio-system/default', {});
const forShop = sidecar('default/shop', {}, 2);
const later = sidecar('default/later', {}, 3);
const forFrontend = sidecar('default/frontend', { workloadSelector: { labels: { app: 'frontend' } } }, 4);
const forCart = sidecar('default/cart', { workloadSelector: { labels: { app: 'cart' } } });
const elsewhere = sidecar('bank/default', {});
const ofRoot = sidecar('istio-system/one', { workloadSelector: { labels: { app: 'frontend' } } });

const held: [what: string, all: KubeObject[], holds: KubeObject | undefined][] = [
  ['none', [forCart, elsewhere, ofRoot], undefined],
  ["the root namespace's", [forAll, elsewhere, ofRoot], forAll],
  ["its namespace's, the oldest", [later, forAll, forShop], forShop],
  ['its own', [forAll, forShop, forFrontend, forCart], forFrontend],
];

for (const [what, all, holds] of held) {
  test(`the Sidecar that holds for the front end is ${what}`, () => {
    expect(sidecarOf(all, { app: 'frontend' }, 'istio-system')).toBe(holds);
  });
}

const refusals: [said: string, sentence: RegExp][] = [
  [
    'pods "x" is forbidden: violates PodSecurity "restricted:latest": seccompProfile (pod or containers "istio-proxy" must set …)',
    /: give the front end what restricted asks for/,
  ],
  [
    'pods "x" is forbidden: violates PodSecurity "baseline:v1.30": non-default capabilities (container "istio-init" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add)',
    /: let Istio's CNI plugin redirect traffic .+ or let namespace default enforce less than baseline\.$/,
  ],
  [
    'pods "x" is forbidden: exceeded quota: team, requested: pods=1, used: pods=10, limited: pods=10',
    /exceeded quota: team.+: leave room for one more pod of the front end/,
  ],
  [
    'pods "x" is forbidden: failed quota: team: must specify limits.cpu for: dikastes',
    /must specify limits\.cpu.+: give the front end's own containers what the quota counts/,
  ],
  [
    'pods "x" is forbidden: x uses an inline volume provided by CSIDriver csi.tigera.io and namespace default has a pod security enforce level that is lower than privileged',
    /: label CSIDriver csi\.tigera\.io with security\.openshift\.io\/csi-ephemeral-volume-profile=restricted\.$/,
  ],
  [
    'Internal error occurred: failed calling webhook "namespace.sidecar-injector.istio.io": no endpoints available for service "istiod"',
    /: bring back what that webhook asks\.$/,
  ],
  [
    'admission webhook "policy" denied the request: no',
    /\(admission webhook "policy" denied .+ no\): let namespace/,
  ],
];

for (const [said, sentence] of refusals) {
  test(`the server's "${said.slice(0, 70)}" is told with what to do`, () => {
    expect(told(refusal(said))).toMatch(sentence);
    expect(told(refusal(said))).toContain('unfit:');
  });
}

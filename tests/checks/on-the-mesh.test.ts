import { expect } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { findPlacement } from '../../fixtures/injector/placement.ts';
import type { Run } from '../../fixtures/run.ts';
import type { Check } from '../../scripts/targets/checks/check.ts';
import { dataPlane } from '../../scripts/targets/checks/data-plane.ts';
import { foreignPolicies } from '../../scripts/targets/checks/foreign-policies.ts';
import { gatewayHosts } from '../../scripts/targets/checks/gateway-hosts.ts';
import { gateways } from '../../scripts/targets/checks/gateways.ts';
import { checks } from '../../scripts/targets/checks/index.ts';
import { nodes } from '../../scripts/targets/checks/nodes.ts';
import { pullSecret } from '../../scripts/targets/checks/pull-secret.ts';
import { sidecars } from '../../scripts/targets/checks/sidecars.ts';
import { test } from './fixture.ts';

const calico = 'projectcalico.org/v3';

function object(apiVersion: string, kind: string, name: string, spec: object): KubeObject {
  const [own = '', namespace] = name.split('/').reverse();
  return { apiVersion, kind, metadata: { name: own, ...(namespace && { namespace }) }, spec };
}

function policy(name: string, spec: object): KubeObject {
  return object(calico, 'GlobalNetworkPolicy', name, spec);
}

test('nothing keeps a run from the mesh as the tutorial finds it', async ({ place }) => {
  for (const check of checks) {
    // The reference mesh has nothing like a data plane.
    const verdict = check === dataPlane ? 'untold' : 'fit';
    expect(await place.look(check), check.name).toMatch(new RegExp(`^${verdict}: \\S.*\\S\\.$`));
  }
});

test('every check has a name of its own', () => {
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
});

const gatewayFor = (host: string, server: object = {}) =>
  object('networking.istio.io/v1', 'Gateway', 'bank/public', {
    selector: { istio: 'ingressgateway' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: [host], ...server }],
  });
const bank = object('v1', 'Namespace', 'bank', {});
const secret = (type: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'registry', namespace: 'default' },
  type,
  data: { '.dockerconfigjson': 'e30=' },
});
const otherGateway = (labels: Record<string, string>) => ({
  ...object('v1', 'Service', 'istio-system/other', {
    type: 'LoadBalancer',
    selector: labels,
    ports: [{ port: 8080 }],
  }),
});

const rows: [what: string, check: Check, objects: KubeObject[], found: RegExp, asked?: object][] = [
  [
    'a policy that denies everything to everyone',
    foreignPolicies,
    [policy('default-deny', { types: ['Ingress', 'Egress'] })],
    /^unfit: GlobalNetworkPolicy default-deny denies what a sandbox's pods ask of one another, .+!has\(alp-conformance\/place\)/,
  ],
  [
    'the same, but not for sandboxes, nor for the shop',
    foreignPolicies,
    [
      policy('default-deny', {
        namespaceSelector: "!has(alp-conformance/place) && projectcalico.org/name != 'default'",
        types: ['Ingress'],
      }),
    ],
    /^fit:/,
  ],
  [
    'a policy that denies everything to the front end',
    foreignPolicies,
    [
      object('networking.k8s.io/v1', 'NetworkPolicy', 'default/deny', {
        podSelector: {},
        policyTypes: ['Ingress'],
      }),
    ],
    /^unfit: NetworkPolicy default\/deny denies what a sandbox's pods ask of the front end.+leave namespace default out/,
  ],
  [
    'a denial and the policy that makes up for it',
    foreignPolicies,
    [
      policy('deny', { order: 20, types: ['Ingress'] }),
      policy('allow', { order: 10, ingress: [{ action: 'Allow' }] }),
    ],
    /^fit:/,
  ],
  [
    'a staged denial',
    foreignPolicies,
    [object(calico, 'StagedGlobalNetworkPolicy', 'deny', { types: ['Ingress'] })],
    /^fit:/,
  ],
  [
    'a policy for what pods send',
    foreignPolicies,
    [policy('egress', { types: ['Egress'], egress: [{ action: 'Allow', protocol: 'TCP' }] })],
    /^note: GlobalNetworkPolicy egress governs what the sandboxes may send/,
  ],
  [
    'a policy that lets everything be sent',
    foreignPolicies,
    [policy('egress', { types: ['Egress'], egress: [{ action: 'Allow' }] })],
    /^fit:/,
  ],
  [
    'a tier that passes on what it does not decide',
    foreignPolicies,
    [
      object(calico, 'Tier', 'platform', { order: 10, defaultAction: 'Pass' }),
      policy('platform.some', { tier: 'platform', types: ['Ingress'] }),
    ],
    /^fit:/,
  ],
  [
    'a tier that denies what it does not decide',
    foreignPolicies,
    [
      object(calico, 'Tier', 'platform', { order: 10 }),
      policy('platform.some', { tier: 'platform', types: ['Ingress'] }),
    ],
    /^unfit: GlobalNetworkPolicy platform\.some denies/,
  ],
  [
    'a Sidecar of the root namespace that shows each namespace its own',
    sidecars,
    [object('networking.istio.io/v1', 'Sidecar', 'istio-system/default', { egress: [{ hosts: ['./*'] }] })],
    /^unfit: Sidecar istio-system\/default keeps the front end's proxy from knowing Dikastes .+: add istio-system\/dikastes\.calico\.cluster\.local/,
  ],
  [
    "a Sidecar that shows Istio's own namespace too",
    sidecars,
    [
      object('networking.istio.io/v1', 'Sidecar', 'istio-system/default', {
        egress: [{ hosts: ['./*', 'istio-system/*'] }],
      }),
    ],
    /^fit:/,
  ],
  [
    'a Gateway that redirects everything to HTTPS',
    gatewayHosts,
    [bank, gatewayFor('*', { tls: { httpsRedirect: true } })],
    /^unfit: Gateway bank\/public redirects every host at port 80 of istio-system\/istio-ingressgateway/,
  ],
  [
    'a Gateway for every host',
    gatewayHosts,
    [bank, gatewayFor('*')],
    /^note: Gateway bank\/public serves every host .+ too/,
  ],
  ['a Gateway for one host', gatewayHosts, [bank, gatewayFor('bank.example.com')], /^fit:/],
  [
    'another gateway with the same label',
    gateways,
    [otherGateway({ app: 'other', istio: 'ingressgateway' })],
    /^note: The shop will be reached by gateway istio-system\/istio-ingressgateway and not by istio-system\/other/,
  ],
  [
    'a gateway that is named and has no port 80',
    gateways,
    [otherGateway({ app: 'other' })],
    /^unfit: The gateway's Service istio-system\/other has no port 80/,
    { gateway: 'istio-system/other' },
  ],
  [
    'a node with Windows',
    nodes,
    [
      {
        ...object('v1', 'Node', 'windows', {}),
        metadata: { name: 'windows', labels: { 'kubernetes.io/os': 'windows' } },
      },
    ],
    /^note: 1 of 3 nodes run Windows/,
  ],
  [
    'a node whose kubelet has never said anything',
    nodes,
    [object('v1', 'Node', 'new', {})],
    /^note: 1 of 3 nodes are not ready \(new: its kubelet says nothing\): see what `kubectl describe node new`/,
  ],
  [
    'no pull secret of that name',
    pullSecret,
    [],
    /^unfit: There is no Secret default\/registry: make it with `kubectl create secret/,
    { pullSecret: 'default/registry' },
  ],
  [
    'a pull secret',
    pullSecret,
    [secret('kubernetes.io/dockerconfigjson')],
    /^fit: Images are pulled with a copy of Secret default\/registry/,
    { pullSecret: 'default/registry' },
  ],
  [
    'a secret that is no pull secret',
    pullSecret,
    [secret('Opaque')],
    /^unfit: Secret default\/registry is of type Opaque/,
    { pullSecret: 'default/registry' },
  ],
];

for (const [what, check, objects, found, asked = {}] of rows) {
  test(`${check.name}: ${what}`, async ({ place: { make, look } }) => {
    const remove = make(...objects);
    try {
      expect(await look(check, asked)).toMatch(found);
    } finally {
      remove();
    }
  });
}

test('where the root namespace narrows what sidecars see, sandboxes see everything', async ({ place }) => {
  const run = { versions: { istio: '1.28.10', calico: 'v3.32.1' } } as Run;
  expect((await findPlacement(place.cluster, run)).meshObjects).toEqual([]);
  const remove = place.make(
    object('networking.istio.io/v1', 'Sidecar', 'istio-system/default', { egress: [{ hosts: ['./*'] }] }),
  );
  const { meshObjects } = await findPlacement(place.cluster, run);
  remove();
  expect(meshObjects).toMatchObject([{ kind: 'Sidecar', spec: { egress: [{ hosts: ['*/*'] }] } }]);
});

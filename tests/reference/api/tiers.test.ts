import { expect } from '@playwright/test';
import { test } from './fixture.ts';
import { asRobot, makeRobot } from './service-account.ts';

// What Calico asks about its policies besides what Kubernetes does.

const group = 'projectcalico.org';
const path = `/apis/${group}/v3/globalnetworkpolicies`;
const rule = (resources: string[], verbs: string[], resourceNames?: string[]) => ({
  apiGroups: [group],
  resources,
  verbs,
  ...(resourceNames && { resourceNames }),
});
const kubernetes = rule(['globalnetworkpolicies'], ['get', 'list', 'create', 'patch', 'delete']);
const policy = (name: string, tier?: string) => ({
  apiVersion: `${group}/v3`,
  kind: 'GlobalNetworkPolicy',
  metadata: { name },
  spec: { ...(tier && { tier }), selector: 'all()' },
});

interface Cluster {
  release?: string;
  aggregated?: boolean;
}

function calico({ release = 'v3.32.1', aggregated = false }: Cluster) {
  return [
    {
      apiVersion: `${group}/v3`,
      kind: 'ClusterInformation',
      metadata: { name: 'default' },
      spec: { calicoVersion: release },
    },
    { apiVersion: `${group}/v3`, kind: 'Tier', metadata: { name: 'default' }, spec: {} },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `v3.${group}` },
      spec: aggregated ? { service: { name: 'calico-api', namespace: 'calico-apiserver' } } : {},
    },
  ];
}

const getTier = rule(['tiers'], ['get']);
const user = 'User "system:serviceaccount:shop:robot"';

const created: [what: string, cluster: Cluster, rules: object[], refusal?: string][] = [
  ['before Calico has tiers', { release: 'v3.29.7', aggregated: true }, []],
  [
    'without the tier',
    { aggregated: true },
    [rule(['tier.globalnetworkpolicies'], ['create'])],
    `globalnetworkpolicies.${group} "x" is forbidden: ${user} cannot create globalnetworkpolicies.${group} in tier "default" (user cannot get tier)`,
  ],
  [
    'without its policies',
    { aggregated: true },
    [getTier],
    `globalnetworkpolicies.${group} "x" is forbidden: ${user} cannot create globalnetworkpolicies.${group} in tier "default"`,
  ],
  [
    "by the webhook's word, without its policies",
    {},
    [getTier],
    `admission webhook "tiered-rbac.projectcalico.org" denied the request: Authorization failed: globalnetworkpolicies.${group} "x" is forbidden: ${user} cannot create globalnetworkpolicies.${group} in tier "default"`,
  ],
  ['with both', {}, [getTier, rule(['tier.globalnetworkpolicies'], ['create'])]],
  [
    'with all policies of the tier',
    {},
    [getTier, rule(['tier.globalnetworkpolicies'], ['create'], ['default.*'])],
  ],
  [
    'with all policies of another tier',
    {},
    [getTier, rule(['tier.globalnetworkpolicies'], ['create'], ['other.*'])],
    `admission webhook "tiered-rbac.projectcalico.org" denied the request: Authorization failed: globalnetworkpolicies.${group} "x" is forbidden: ${user} cannot create globalnetworkpolicies.${group} in tier "default"`,
  ],
];

for (const [what, cluster, rules, refusal] of created) {
  test(`a policy ${what} is ${refusal === undefined ? 'created' : 'refused'}`, async ({
    mesh: { store, server },
  }) => {
    for (const object of calico(cluster)) store.create(object);
    makeRobot(store, [{ rules: [kubernetes, ...rules] }]);
    const answer = await asRobot(server, path, { method: 'POST', body: policy('x') });
    if (refusal === undefined) expect(answer.status).toBe(201);
    else expect(answer.json()).toMatchObject({ reason: 'Forbidden', message: refusal });
  });
}

test("a patch is an update to the webhook, and a patch to Calico's API server", async ({
  mesh: { store, server },
}) => {
  for (const object of calico({})) store.create(object);
  store.create(policy('x'));
  makeRobot(store, [{ rules: [kubernetes, getTier, rule(['tier.globalnetworkpolicies'], ['update'])] }]);
  const patch = () =>
    asRobot(server, `${path}/x`, {
      method: 'PATCH',
      type: 'application/merge-patch+json',
      body: { spec: { order: 1 } },
    });
  expect((await patch()).status).toBe(200);
  store.change(`APIService.apiregistration.k8s.io`, `v3.${group}`, undefined, (draft) => {
    draft.spec = { service: { name: 'calico-api', namespace: 'calico-apiserver' } };
  });
  expect((await patch()).json()).toMatchObject({ message: expect.stringContaining('cannot patch') });
});

test('who takes a policy to another tier needs both', async ({ mesh: { store, server } }) => {
  for (const object of calico({})) store.create(object);
  store.create(policy('x', 'theirs'));
  makeRobot(store, [
    {
      rules: [kubernetes, getTier, rule(['tier.globalnetworkpolicies'], ['update', 'delete'], ['default.*'])],
    },
  ]);
  const moved = await asRobot(server, `${path}/x`, {
    method: 'PATCH',
    type: 'application/merge-patch+json',
    body: { spec: { tier: 'default' } },
  });
  expect(moved.json()).toMatchObject({ message: expect.stringContaining('in tier "theirs"') });
  const deleted = await asRobot(server, `${path}/x`, { method: 'DELETE' });
  expect(deleted.json()).toMatchObject({ message: expect.stringContaining('cannot delete') });
});

test('what is only read is asked about by an API server alone', async ({ mesh: { store, server } }) => {
  for (const object of calico({})) store.create(object);
  makeRobot(store, [{ rules: [kubernetes] }]);
  expect((await asRobot(server, path)).status).toBe(200);
  store.change(`APIService.apiregistration.k8s.io`, `v3.${group}`, undefined, (draft) => {
    draft.spec = { service: { name: 'calico-api', namespace: 'calico-apiserver' } };
  });
  expect((await asRobot(server, path)).status).toBe(403);
});

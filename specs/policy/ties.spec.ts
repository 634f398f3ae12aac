import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { PolicyKind } from '../../fixtures/policies/calico-policy.ts';
import { allow, deny, openTransport, type Rule } from '../../fixtures/policies/rules.ts';
import type { SandboxPolicies } from '../../fixtures/policies/sandbox-policies.ts';
import { control, expect, GET, requirement } from '../../fixtures/test.ts';

requirement('ORD-07', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await policy.enforce([openTransport], { order: 1 });
  // Made last first, so that it cannot be their age that puts them in order.
  await named(policy, 'zz', [allow({ paths: [{ exact: '/zz' }] })]);
  const middle = await named(policy, 'mm', [deny()]);
  await named(policy, 'aa', [allow({ paths: [{ exact: '/aa' }] })]);
  await expect(route).toDecide([
    [GET('/aa'), 'allowed', control],
    [GET('/zz'), 'denied by alp'],
  ]);
  await policy.remove(middle);
  await expect(route).toDecide([[GET('/zz'), 'allowed']]);
});

requirement('ORD-09', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await policy.enforce([openTransport], { order: 1 });
  await named(policy, 'zz', [allow({ paths: [{ exact: '/zz' }] })], 'NetworkPolicy');
  await named(policy, 'aa', [allow({ paths: [{ exact: '/aa' }] })], 'NetworkPolicy');
  await expect(route).toDecide([
    [GET('/aa'), 'allowed', control],
    [GET('/zz'), 'allowed', control],
    [GET('/other'), 'denied by alp'],
  ]);
  await named(policy, 'mm', [deny()], 'GlobalNetworkPolicy');
  await expect(route).toDecide([
    [GET('/aa'), 'allowed', control],
    [GET('/zz'), 'denied by alp'],
  ]);
});

requirement('ORD-10', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await policy.enforce([openTransport], { order: 1 });
  await named(policy, 'web-api', [allow({ methods: ['GET'] })]);
  await expect(route).toDecide([[GET('/'), 'allowed', control]]);
  await named(policy, 'web', [deny()]);
  await expect(route).toDecide([[GET('/'), 'denied by alp']]);
});

/** A policy of order 10 under a name that ends like this. */
function named(
  policy: SandboxPolicies,
  ending: string,
  rules: readonly Rule[],
  kind: PolicyKind = 'GlobalNetworkPolicy',
): Promise<KubeObject> {
  const object = policy.policyOf(rules, { kind });
  return policy.make({ ...object, metadata: { ...object.metadata, name: policy.name(ending) } });
}

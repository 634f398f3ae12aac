import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { allow, deny } from '../../fixtures/policies/rules.ts';
import type { SandboxPolicies } from '../../fixtures/policies/sandbox-policies.ts';
import type { Route } from '../../fixtures/probes/route.ts';
import { expect, GET, requirement } from '../../fixtures/test.ts';

const kinds = ['StagedGlobalNetworkPolicy', 'StagedNetworkPolicy'] as const;

/** Milliseconds for which nothing must change, beyond the time that a policy made later took until it was in force. */
const stayMs = 500;

requirement('STG-01', 'before one that is enforced', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  const asEnforced = () =>
    expect(route).toDecide(
      [
        [GET('/open'), 'allowed'],
        [GET('/other'), 'denied by alp'],
      ],
      { stayMs },
    );
  const staged = [];
  for (const kind of kinds) staged.push(await policy.enforce([deny()], { kind, order: 5 }));
  await policy.enforce([allow({ paths: [{ exact: '/open' }] })], { order: 20 });
  await asEnforced();
  for (const one of staged) await policy.replace(one, { ...(one.spec as object), ingress: [allow()] });
  await policy.remove(await shownInForce(policy, route, '/other'));
  await asEnforced();
});

requirement('STG-01', 'alone on its workload', async ({ policy, sandbox }) => {
  const tier = await policy.tier({ order: 100 });
  for (const kind of kinds) {
    await policy.enforce([], { kind });
    await policy.enforce([], { kind, tier });
  }
  const route = await sandbox.route('client', 'echo');
  await policy.remove(await shownInForce(policy, route, '/open'));
  await expect(route).toDecide([[GET('/'), 'allowed']], { stayMs });
});

/**
 * Makes a policy that is asked before all others and answers for one path, and waits until it does: what was made
 * before it has had its time by then, whether it shows or not.
 */
async function shownInForce(policy: SandboxPolicies, route: Route, path: string): Promise<KubeObject> {
  const marker = await policy.enforce([allow({ paths: [{ exact: path }] }), deny()], { order: 1 });
  await expect(route).toDecide([
    [GET(path), 'allowed'],
    [GET('/closed'), 'denied by alp'],
  ]);
  return marker;
}

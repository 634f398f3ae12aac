import { allow, deny } from '../../fixtures/policies/rules.ts';
import { expect, GET, requirement } from '../../fixtures/test.ts';

const kinds = ['StagedGlobalNetworkPolicy', 'StagedNetworkPolicy'] as const;

/** Milliseconds for which nothing must change: several times what a policy takes until it is in force. */
const stayMs = 1_000;

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
  await asEnforced();
});

requirement('STG-01', 'alone on its workload', async ({ policy, sandbox }) => {
  const tier = await policy.tier({ order: 100 });
  for (const kind of kinds) {
    await policy.enforce([], { kind });
    await policy.enforce([], { kind, tier });
  }
  await expect(await sandbox.route('client', 'echo')).toDecide([[GET('/'), 'allowed']], { stayMs });
});

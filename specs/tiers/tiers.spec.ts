import { tier as tierObject } from '../../fixtures/policies/calico-policy.ts';
import { allow, deny, openTransport, type Rule } from '../../fixtures/policies/rules.ts';
import { expect, GET, requirement } from '../../fixtures/test.ts';

// What is allowed in these batches is the promise itself, and no control.
const allowPath = (path: string) => allow({ paths: [{ exact: path }] });
const pass: Rule = { action: 'Pass' };

const early = 100;
/** The default tier's order is 1,000,000. */
const late = 2_000_000;

requirement('TIER-01', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await policy.enforce([allowPath('/default'), openTransport]);
  const tier = await policy.tier({ order: early });
  const first = await policy.enforce([allowPath('/early'), deny()], { tier });
  await expect(route).toDecide([
    [GET('/early'), 'allowed'],
    [GET('/default'), 'denied by alp'],
  ]);
  await policy.replace(first, { ...(first.spec as object), ingress: [pass] });
  await expect(route).toDecide([
    [GET('/default'), 'allowed'],
    [GET('/early'), 'denied by alp'],
  ]);
});

requirement('TIER-02', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await policy.enforce([allowPath('/default'), openTransport]);
  const made = await policy.make(tierObject(policy.name('early'), { order: early, defaultAction: 'Pass' }));
  await policy.enforce([allowPath('/early'), openTransport], { tier: made.metadata.name });
  await expect(route).toDecide([
    [GET('/early'), 'allowed'],
    [GET('/default'), 'allowed'],
    [GET('/other'), 'denied by alp'],
  ]);
  await policy.replace(made, { order: early, defaultAction: 'Deny' });
  await expect(route).toDecide([
    [GET('/early'), 'allowed'],
    [GET('/default'), 'denied by alp'],
  ]);
});

requirement('TIER-03', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  const tier = await policy.tier({ order: late });
  await policy.enforce([allowPath('/late'), openTransport], { tier });
  await expect(route).toDecide([
    [GET('/late'), 'allowed'],
    [GET('/default'), 'denied by alp'],
  ]);
  const before = await policy.enforce([allowPath('/default'), openTransport]);
  await expect(route).toDecide([
    [GET('/default'), 'allowed'],
    [GET('/late'), 'denied by alp'],
  ]);
  await policy.replace(before, { ...(before.spec as object), ingress: [allowPath('/default'), pass] });
  await expect(route).toDecide([
    [GET('/default'), 'allowed'],
    [GET('/late'), 'allowed'],
    [GET('/other'), 'denied by alp'],
  ]);
});

requirement('TIER-04', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  // Its name begins with `a`, so that it would come before the default tier if it had the same order.
  const tier = await policy.tier({});
  await policy.enforce([allowPath('/unordered'), openTransport], { tier });
  await expect(route).toDecide([
    [GET('/unordered'), 'allowed'],
    [GET('/default'), 'denied by alp'],
  ]);
  await policy.enforce([allowPath('/default'), openTransport]);
  await expect(route).toDecide([
    [GET('/default'), 'allowed'],
    [GET('/unordered'), 'denied by alp'],
  ]);
});

requirement('TIER-05', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await policy.enforce([allowPath('/default'), openTransport]);
  const tier = await policy.tier({ order: early });
  const made = await policy.enforce([openTransport], { tier });
  await expect(route).toDecide([[GET('/default'), 'denied by alp']]);
  const { ingress, ...spec } = made.spec as { ingress: unknown };
  await policy.replace(made, { ...spec, types: ['Egress'], egress: [allow()] });
  await expect(route).toDecide([
    [GET('/default'), 'allowed'],
    [GET('/other'), 'denied by alp'],
  ]);
});

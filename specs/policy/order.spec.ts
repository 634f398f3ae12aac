import { allow, deny, openTransport } from '../../fixtures/policies/rules.ts';
import { control, expect, GET, POST, requirement } from '../../fixtures/test.ts';

requirement('ORD-01', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await policy.enforce([openTransport], { order: 1 });
  const denial = await policy.enforce([deny()], { order: 20 });
  const move = (order?: number) => policy.replace(denial, { ...(denial.spec as object), order });
  await policy.enforce([allow({ methods: ['GET'] })], { order: 10 });
  await expect(route).toDecide([
    [GET('/'), 'allowed'],
    [POST('/'), 'denied by alp'],
  ]);
  await move(5);
  await expect(route).toDecide([[GET('/'), 'denied by alp']]);
  await move(undefined);
  await expect(route).toDecide([[GET('/'), 'allowed']]);
});

requirement('ORD-03', async ({ policy, sandbox }) => {
  await policy.enforce([{ action: 'Log' }, allow({ methods: ['GET'] })]);
  await policy.enforce([openTransport], { order: 1 });
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed'],
    [POST('/'), 'denied by alp'],
  ]);
});

requirement('ORD-04', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await policy.enforce([openTransport], { order: 1 });
  await policy.enforce([deny()], { order: 20 });
  await expect(route).toDecide([[GET('/'), 'denied by alp']]);
  const pass = await policy.enforce([{ action: 'Pass' }], { order: 10 });
  await expect(route).toDecide([
    [GET('/'), 'allowed'],
    [POST('/other'), 'allowed'],
  ]);
  await policy.remove(pass);
  await expect(route).toDecide([[GET('/'), 'denied by alp']]);
});

requirement('ORD-05', async ({ policy, sandbox }) => {
  const rules = [
    allow({ paths: [{ exact: '/before' }] }),
    deny(),
    allow({ paths: [{ exact: '/after' }] }),
    openTransport,
  ];
  const made = await policy.enforce(rules);
  const route = await sandbox.route('client', 'echo');
  await expect(route).toDecide([
    [GET('/before'), 'allowed', control],
    [GET('/after'), 'denied by alp'],
  ]);
  await policy.replace(made, { ...(made.spec as object), ingress: rules.toReversed() });
  await expect(route).toDecide([
    [GET('/after'), 'allowed', control],
    [GET('/before'), 'denied by alp'],
  ]);
});

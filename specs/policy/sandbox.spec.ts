import { allow, deny, openTransport } from '../../fixtures/policies/rules.ts';
import { control, expect, GET, POST, requirement } from '../../fixtures/test.ts';

requirement('DEF-01', 'a workload of the sandbox', async ({ sandbox }) => {
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed'],
    [POST('/anything'), 'allowed'],
  ]);
});

requirement('DEF-02', async ({ policy, sandbox }) => {
  await policy.enforce([allow({ methods: ['GET'], paths: [{ exact: '/' }] })]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed', control],
    [GET('/other'), 'denied by alp'],
    [POST('/other'), 'denied by alp'],
  ]);
});

requirement('DEF-03', async ({ policy, sandbox }) => {
  await policy.enforce([openTransport], { app: 'client' });
  // It is in force where it selects, and only there.
  await expect(await sandbox.route('echo', 'client')).toDecide([[GET('/'), 'denied by alp']]);
  await expect(await sandbox.route('client', 'echo')).toDecide([[GET('/'), 'allowed']]);
});

requirement('DEF-05', 'a workload of the sandbox', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  const last = await policy.enforce([openTransport]);
  await expect(route).toDecide([[GET('/'), 'denied by alp']]);
  await policy.remove(last);
  await expect(route).toDecide([[GET('/'), 'allowed']]);
});

requirement('ORD-02', 'a workload of the sandbox', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await policy.enforce([openTransport], { order: 1 });
  await policy.enforce([allow({ methods: ['GET'] })], { order: 20 });
  await expect(route).toDecide([
    [GET('/'), 'allowed', control],
    [POST('/'), 'denied by alp'],
  ]);
  await policy.enforce([deny()], { order: 10 });
  await expect(route).toDecide([[GET('/'), 'denied by alp']]);
});

requirement('ORD-06', 'a workload of the sandbox', async ({ policy, sandbox }) => {
  await policy.enforce([], { order: 10 });
  await policy.enforce([allow({ methods: ['GET'] })], { order: 20 });
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed', control],
    [POST('/'), 'denied by alp'],
  ]);
});

import { premise } from '../../fixtures/probes/premise.ts';
import { lookWhetherOpen } from '../../fixtures/probes/still-open.ts';
import { bytes, control, expect, GET, over, requirement } from '../../fixtures/test.ts';

requirement('L34-07', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  const around = await sandbox.route('plain', 'echo', { by: 'pod address', port: 'http-bypass' });
  const name = policy.name('requests');
  await expect(around).toDecide([[GET('/'), 'allowed', control]]);
  await expect(route).toDecide([[over(name, GET('/')), 'allowed', control]]);
  const closed = await policy.enforce([]);
  const onSameConnection = over(name, GET('/'), { ifOpen: true });
  // New connections are dropped, and this one goes on.
  await expect(around).toDecide([[GET('/'), 'denied by felix']], { times: 1 });
  await expect(route).toDecide([[onSameConnection, 'denied by alp']]);
  await policy.remove(closed);
  await expect(route).toDecide([[onSameConnection, 'allowed']]);
});

requirement('L34-09', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo', { port: 'tcp-echo' });
  const around = await sandbox.route('plain', 'echo', { by: 'pod address', port: 'http-bypass' });
  const name = policy.name('bytes');
  await expect(around).toDecide([[GET('/'), 'allowed', control]]);
  await expect(route).toDecide([[over(name, bytes('before')), 'allowed', control]]);
  await policy.enforce([]);
  const denial = [[GET('/'), 'denied by felix']] as const;
  await premise(around, denial, 'no denial came, so what stays open says nothing', { times: 1 });
  await lookWhetherOpen(route, name, bytes('after'));
});

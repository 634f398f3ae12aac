import { control, expect, GET, over, requirement } from '../../fixtures/test.ts';

requirement('DEF-04', 'a workload of the sandbox', async ({ policy, sandbox }) => {
  const warm = await sandbox.route('client', 'echo');
  const name = policy.name('open');
  await expect(warm).toDecide([[over(name, GET('/')), 'allowed', control]]);
  const byAddress = await sandbox.route('plain', 'echo', { by: 'pod address' });
  // Before the policy the connection opens; what then becomes of plaintext is the business of mutual TLS.
  await expect(byAddress).toDecide([[GET('/'), ['refused by mtls', 'allowed']]], { times: 1 });
  const empty = await policy.enforce([]);
  // Once Felix drops what would open a connection, a sidecar that has none can only try in vain.
  await expect(byAddress).toDecide([[GET('/'), 'denied by felix']], { times: 1 });
  const cold = await sandbox.coldRoute('client', 'echo');
  await expect(warm).toDecide([[over(name, GET('/'), { ifOpen: true }), 'denied by alp']]);
  await expect({ ...cold, timeoutMs: 45_000 }).toDecide([[GET('/'), 'denied by felix']], { times: 1 });
  await policy.remove(empty);
  await expect(warm).toDecide([[GET('/'), 'allowed']]);
  await expect({ ...cold, timeoutMs: 45_000 }).toDecide([[GET('/'), 'allowed']]);
});

import { openTransport } from '../../fixtures/policies/rules.ts';
import { timeToEffect } from '../../fixtures/probes/time-to-effect.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { control, expect, GET, requirement } from '../../fixtures/test.ts';

requirement('API-06', 'a workload of the sandbox', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await expect(route).toDecide([[GET('/'), 'allowed', control]]);
  const { afterMs } = await timeToEffect(route, GET('/'), ['denied, cause unseen'], async () => {
    await policy.enforce([openTransport]);
  });
  expect(afterMs, 'milliseconds until the denial, by the mesh client').toBeLessThan(5_000);
  recorder.measure('denial in force, seen by the mesh client', afterMs, 'ms');
});

import { allow, openTransport } from '../../fixtures/policies/rules.ts';
import { timeToEffect } from '../../fixtures/probes/time-to-effect.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { control, expect, GET, requirement } from '../../fixtures/test.ts';

requirement('API-06', 'a workload of the sandbox', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await expect(route).toDecide([[GET('/'), 'allowed', control]]);
  const made = policy.policyOf([openTransport]);
  const changes = [
    { what: 'denial', verdict: 'denied, cause unseen', change: () => policy.make(made) },
    {
      what: 'change in place',
      verdict: 'allowed',
      change: () =>
        policy.replace(made, { ...(made.spec as object), ingress: [allow({ methods: ['GET'] })] }),
    },
  ] as const;
  for (const { what, verdict, change } of changes) {
    const { afterMs } = await timeToEffect(route, GET('/'), [verdict], async () => void (await change()));
    expect(afterMs, `milliseconds until the ${what} is in force, by the mesh client`).toBeLessThan(5_000);
    recorder.measure(`${what} in force, seen by the mesh client`, afterMs, 'ms');
  }
});

import { allow } from '../../fixtures/policies/rules.ts';
import { lookFor } from '../../fixtures/probes/hazard.ts';
import { premise } from '../../fixtures/probes/premise.ts';
import { control, expect, GET, POST, requirement } from '../../fixtures/test.ts';

/** The port that sidecars leave alone, from a pod without one. */
const bypass = { by: 'pod address', port: 'http-bypass' } as const;

requirement('L34-04', async ({ policy, sandbox }) => {
  const around = await sandbox.route('plain', 'echo', bypass);
  await expect(around).toDecide([[GET('/'), 'allowed', control]]);
  // An HTTP clause doesn't open what the rule's ports leave closed.
  await policy.enforce([allow({ protocol: 'TCP', destination: { ports: [8080] }, methods: ['GET'] })]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed', control],
    [POST('/'), 'denied by alp'],
  ]);
  await expect(around).toDecide([[GET('/'), 'denied by felix']], { times: 1 });
});

requirement('L34-05', async ({ policy, sandbox }) => {
  await policy.enforce([allow({ methods: ['GET'], paths: [{ exact: '/' }] })]);
  const decided = [
    [GET('/'), 'allowed', control],
    [POST('/other'), 'denied by alp'],
  ] as const;
  const otherwise = 'the rule is not in force where a sidecar is, so nothing can be told of the other ports';
  await premise(await sandbox.route('client', 'echo'), decided, otherwise);
  const around = await sandbox.route('plain', 'echo', bypass);
  await lookFor(around, [GET('/'), POST('/other')], { present: 'allowed', absent: 'denied by felix' });
});

requirement('L34-06', async ({ policy, sandbox }) => {
  const route = await sandbox.route('plain', 'bare');
  // Felix alone decides here, and opens the connection before it closes it.
  const closed = await policy.enforce([], { app: 'bare' });
  await expect(route).toDecide([[GET('/'), 'denied by felix']], { times: 1 });
  await policy.replace(closed, {
    ...(closed.spec as object),
    ingress: [allow({ methods: ['GET'], paths: [{ exact: '/' }] })],
  });
  await expect(route).toDecide([
    [GET('/'), 'allowed', control],
    [POST('/other'), 'allowed'],
  ]);
});

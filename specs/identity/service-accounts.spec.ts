import { allow, openTransport, type Rule } from '../../fixtures/policies/rules.ts';
import { type AgentName, placeLabel } from '../../fixtures/sandbox/agents.ts';
import type { Sandbox } from '../../fixtures/sandbox/sandbox.ts';
import { control, expect, GET, POST, requirement } from '../../fixtures/test.ts';
import type { VerdictName } from '../../fixtures/verdicts/verdict.ts';

const named = { serviceAccounts: { names: ['client'] } };
const labelled = { serviceAccounts: { selector: "role == 'client'" } };
const inMesh = { namespaceSelector: `${placeLabel} == 'mesh'` };

/** Whoever this matches may ask anything, and L4 is open to everyone. */
const from = (source: Rule['source'] & object) => [allow({ source }), openTransport];

requirement('SA-01', 'every request', async ({ policy, sandbox }) => {
  await policy.enforce(from(named));
  await expectDecided(sandbox, { client: 'allowed', stranger: 'allowed', other: 'denied by alp' });
});

requirement('SA-01', 'every connection', async ({ policy, sandbox }) => {
  // Sidecars leave this port alone, so that what is seen is Felix's decision.
  const bypass = { by: 'pod address', port: 'http-bypass' } as const;
  const own = await sandbox.route('plain', 'echo', bypass);
  const others = await sandbox.route('bare', 'echo', bypass);
  for (const route of [own, others]) await expect(route).toDecide([[GET('/'), 'allowed', control]]);
  await policy.enforce([allow({ source: named })]);
  await expect(others).toDecide([[GET('/'), 'denied by felix']], { times: 1 });
  await expect(own).toDecide([[GET('/'), 'allowed', control]]);
});

requirement('SA-02', async ({ policy, sandbox }) => {
  await policy.enforce(from(labelled));
  await expectDecided(sandbox, { client: 'allowed', stranger: 'allowed', other: 'denied by alp' });
});

requirement('SA-03', async ({ policy, sandbox }) => {
  await policy.enforce(from({ ...named, ...inMesh }));
  await expectDecided(sandbox, { client: 'allowed', stranger: 'denied by alp', other: 'denied by alp' });
});

requirement('SA-04', async ({ policy, sandbox }) => {
  const made = await policy.enforce(from(named), { kind: 'NetworkPolicy' });
  await expectDecided(sandbox, { client: 'allowed', stranger: 'denied by alp', other: 'denied by alp' });
  await policy.replace(made, {
    ...(made.spec as object),
    ingress: from({ ...named, namespaceSelector: `${placeLabel} == 'neighbour'` }),
  });
  await expectDecided(sandbox, { stranger: 'allowed', client: 'denied by alp' });
});

requirement('SA-06', async ({ policy, sandbox }) => {
  await policy.enforce(from({ ...labelled, ...inMesh }));
  await expectDecided(sandbox, { client: 'allowed', other: 'denied by alp' });
  await policy.relabel('other', { role: 'client' });
  await policy.relabel('client', { role: 'nothing' });
  await expectDecided(sandbox, { other: 'allowed', client: 'denied by alp' });
});

requirement('SA-07', async ({ policy, sandbox, shop }) => {
  const inside = await sandbox.route('client', 'echo');
  await expect(inside).toDecide([[GET('/'), 'allowed', control]]);
  const { route, serviceAccount } = await sandbox.throughGateway('echo', shop.throughGateway);
  const gateway = { serviceAccounts: { names: [serviceAccount] } };
  await policy.enforce([
    allow({ source: gateway, methods: ['GET'], paths: [{ exact: '/' }] }),
    openTransport,
  ]);
  await expect(route).toDecide([
    [GET('/'), 'allowed', control],
    [GET('/other'), 'denied by alp'],
  ]);
  await expect(inside).toDecide([[GET('/'), 'denied by alp']]);
});

requirement('SA-08', async ({ policy, sandbox }) => {
  const [toEcho, toOther] = [await sandbox.route('client', 'echo'), await sandbox.route('client', 'other')];
  for (const kind of ['GlobalNetworkPolicy', 'NetworkPolicy'] as const) {
    const spec = { selector: undefined, serviceAccountSelector: "role == 'echo'" };
    const made = await policy.enforce([allow({ methods: ['GET'] })], { kind, spec });
    await expect(toEcho).toDecide([
      [GET('/'), 'allowed', control],
      [POST('/'), 'denied by alp'],
    ]);
    await expect(toOther).toDecide([[POST('/'), 'allowed']]);
    await policy.remove(made);
    await expect(toEcho).toDecide([[POST('/'), 'allowed']]);
  }
});

requirement('SA-09', async ({ policy, sandbox }) => {
  const second = await sandbox.route('client', 'echo', { port: 'http-second' });
  await expect(second).toDecide([[GET('/'), 'allowed', control]]);
  await expectDecided(sandbox, { stranger: 'allowed', other: 'allowed' });
  await policy.enforce([
    allow({
      source: { ...named, ...inMesh },
      protocol: 'TCP',
      destination: { ports: [8080] },
      methods: ['GET'],
      paths: [{ exact: '/' }],
    }),
    openTransport,
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed', control],
    [GET('/other'), 'denied by alp'],
    [POST('/'), 'denied by alp'],
  ]);
  await expect(second).toDecide([[GET('/'), 'denied by alp']]);
  await expectDecided(sandbox, { stranger: 'denied by alp', other: 'denied by alp' });
});

/**
 * What becomes of the same request by each of these clients. Whoever is denied asks first: that shows the policy to be
 * in force, without which everybody is allowed.
 */
async function expectDecided(
  sandbox: Sandbox,
  verdicts: Partial<Record<AgentName, VerdictName>>,
): Promise<void> {
  const asked = Object.entries(verdicts) as [AgentName, VerdictName][];
  const isDenied = ([, verdict]: [AgentName, VerdictName]) => verdict !== 'allowed';
  for (const [who, verdict] of [...asked.filter(isDenied), ...asked.filter((one) => !isDenied(one))]) {
    await expect(await sandbox.route(who, 'echo')).toDecide([[GET('/'), verdict]]);
  }
}

import { onceTold, peerAuthentication } from '../../fixtures/policies/peer-authentication.ts';
import { allow, openTransport } from '../../fixtures/policies/rules.ts';
import { lookFor } from '../../fixtures/probes/hazard.ts';
import { premise } from '../../fixtures/probes/premise.ts';
import { bytes, control, expect, GET, requirement } from '../../fixtures/test.ts';

/** Pods that run as `client`, wherever they are. Of those without a sidecar that is `plain`, and not `bare`. */
const clients = [allow({ source: { serviceAccounts: { names: ['client'] } } }), openTransport];

requirement('SA-05', async ({ policy, sandbox }) => {
  await expect(await sandbox.route('client', 'echo')).toDecide([[GET('/'), 'allowed', control]]);
  const own = `ns/${sandbox.namespaceOf('plain')}/sa/client`;
  const right = await sandbox.routeAs(own, 'plain', 'echo');
  const wrongIdentity = await sandbox.routeAs(`ns/${sandbox.mesh}/sa/bare`, 'plain', 'echo');
  const wrongAddress = await sandbox.routeAs(own, 'bare', 'echo');
  await policy.enforce(clients);
  await expect(wrongIdentity).toDecide([[GET('/'), 'denied by alp']]);
  await expect(wrongAddress).toDecide([[GET('/'), 'denied by alp']]);
  // Asked last: before the policy was in force, it would have been allowed as well.
  await expect(right).toDecide([[GET('/'), 'allowed', control]]);
});

requirement('SA-10', async ({ policy, sandbox }) => {
  await expect(await sandbox.route('client', 'echo')).toDecide([[GET('/'), 'allowed', control]]);
  const odd = 'neither/namespace/nor/account';
  const rightAddress = await sandbox.routeAs(odd, 'plain', 'echo');
  const wrongAddress = await sandbox.routeAs(odd, 'bare', 'echo');
  await policy.enforce(clients);
  // The first denial shows that the policy is in force.
  await expect(wrongAddress).toDecide([[GET('/'), 'denied by alp']]);
  await expect(await sandbox.route('client', 'echo')).toDecide([[GET('/'), 'allowed', control]]);
  await expect(rightAddress).toDecide([[GET('/'), 'denied by alp']]);
});

requirement('SA-12', async ({ policy, sandbox }) => {
  const port = 'tcp-echo';
  const right = await sandbox.routeAs(`ns/${sandbox.namespaceOf('plain')}/sa/client`, 'plain', 'echo', {
    port,
  });
  const wrongIdentity = await sandbox.routeAs(`ns/${sandbox.mesh}/sa/bare`, 'plain', 'echo', { port });
  await expect(wrongIdentity).toDecide([[bytes('before any policy'), 'allowed', control]]);
  // Felix lets the address of both in, so that what denies is Dikastes. No rule asks for HTTP.
  await policy.enforce([allow({ source: { serviceAccounts: { names: ['client'] } } })]);
  await expect(wrongIdentity).toDecide([[bytes('of another'), 'denied by alp']]);
  await expect(right).toDecide([[bytes('of its own'), 'allowed', control]]);
});

requirement('SA-11', async ({ policy, sandbox }) => {
  const permissive = peerAuthentication(policy.name('permissive'), sandbox.mesh, { mode: 'PERMISSIVE' });
  await policy.make(permissive);
  await policy.enforce(clients);
  const denial = [[GET('/'), 'denied by alp']] as const;
  const otherwise = 'plaintext was not both let in and decided, so nothing can be told of it';
  await premise(await sandbox.route('bare', 'echo'), denial, otherwise, onceTold);
  await expect(await sandbox.route('client', 'echo')).toDecide([[GET('/'), 'allowed', control]]);
  const signs = { present: 'allowed', absent: 'denied by alp' } as const;
  await lookFor(await sandbox.route('plain', 'echo'), [GET('/')], signs);
});

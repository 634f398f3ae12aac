import { forwardedIdentity, forwardedPeers } from '../../fixtures/probes/identity.ts';
import { expect, requirement } from '../../fixtures/test.ts';

const forged = 'By=spiffe://cluster.local/ns/forged/sa/forged;URI=spiffe://cluster.local/ns/forged/sa/forged';

requirement('MTLS-09', async ({ sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  expect(await forwardedPeers(route, { claim: forged }), 'what the mesh forwards of both ends').toEqual({
    server: expect.stringContaining(`/ns/${sandbox.mesh}/sa/echo`),
    client: expect.stringContaining(`/ns/${sandbox.mesh}/sa/client`),
    certificateHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const stranger = await sandbox.route('stranger', 'echo');
  expect(await forwardedIdentity(stranger), 'the identity of a client from another namespace').toContain(
    `/ns/${sandbox.namespaceOf('stranger')}/sa/client`,
  );
});

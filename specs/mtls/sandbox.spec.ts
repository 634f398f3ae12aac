import { foreignCertificate } from '../../fixtures/certificates.ts';
import { forwardedIdentity } from '../../fixtures/probes/identity.ts';
import { premise } from '../../fixtures/probes/premise.ts';
import type { Sandbox } from '../../fixtures/sandbox/sandbox.ts';
import { control, expect, GET, requirement } from '../../fixtures/test.ts';

requirement('MTLS-02', 'a workload of the sandbox', async ({ sandbox }) => {
  await expect(await sandbox.route('plain', 'plain')).toDecide([[GET('/'), 'allowed', control]]);
  for (const by of ['pod address', 'service'] as const) {
    await expect(await sandbox.route('plain', 'echo', { by })).toDecide([[GET('/'), 'refused by mtls']]);
  }
});

requirement('MTLS-03', 'a workload of the sandbox', async ({ sandbox }) => {
  await strictInForce(sandbox);
  const route = await sandbox.route('client', 'echo');
  await expect(route).toDecide([[GET('/'), 'allowed']]);
  expect(await forwardedIdentity(route), 'the client identity that the mesh forwards').toContain(
    `/ns/${sandbox.mesh}/sa/client`,
  );
});

requirement('MTLS-04', async ({ sandbox }) => {
  await strictInForce(sandbox);
  await expect(await sandbox.route('plain', 'plain')).toDecide([[GET('/'), 'allowed']]);
  await expect(await sandbox.route('client', 'plain')).toDecide([[GET('/'), 'allowed']]);
});

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

requirement('MTLS-07', async ({ sandbox }) => {
  await expect(await sandbox.route('plain', 'plain')).toDecide([[GET('/'), 'allowed', control]]);
  for (const version of versions) {
    const tls = { alpn: ['istio'], minVersion: version, maxVersion: version };
    const route = await sandbox.route('plain', 'echo', { by: 'pod address', tls });
    await expect(route).toDecide([[GET(`/${version}`), 'refused by mtls']]);
  }
});

requirement('MTLS-08', async ({ sandbox }) => {
  await expect(await sandbox.route('plain', 'plain')).toDecide([[GET('/'), 'allowed', control]]);
  const certificate = await foreignCertificate(`spiffe://cluster.local/ns/${sandbox.mesh}/sa/client`);
  for (const version of versions) {
    const tls = { ...certificate, alpn: ['istio'], minVersion: version, maxVersion: version };
    const route = await sandbox.route('plain', 'echo', { by: 'pod address', tls });
    await expect(route).toDecide([[GET(`/${version}`), 'refused by mtls']]);
  }
});

requirement('MTLS-12', async ({ sandbox }) => {
  const own = `ns/${sandbox.mesh}/sa/client`;
  // The second one is another only by its end.
  const others = ['another-mesh.test', `${await sandbox.trustDomain()}.another-mesh.test`];
  for (const version of versions) {
    const inside = await sandbox.routeAs(own, 'plain', 'echo', { version });
    await expect(inside).toDecide([[GET(`/${version}`), 'allowed', control]]);
    for (const trustDomain of others) {
      const outside = await sandbox.routeAs(own, 'plain', 'echo', { version, trustDomain });
      await expect(outside).toDecide([[GET(`/${version}`), 'refused by mtls']]);
    }
  }
});

/** What STRICT leaves alone is told only where it is in force, which is where plaintext is refused. */
async function strictInForce(sandbox: Sandbox): Promise<void> {
  const plaintext = await sandbox.route('plain', 'echo', { by: 'pod address' });
  await premise(
    plaintext,
    [[GET('/'), 'refused by mtls']],
    'STRICT is not in force, so its bounds say nothing',
  );
}

import type { TlsOptions } from '../../fixtures/agent/protocol.ts';
import { foreignCertificate } from '../../fixtures/certificates.ts';
import { alert, refusedByAlert } from '../../fixtures/probes/alert.ts';
import { forwardedIdentity } from '../../fixtures/probes/identity.ts';
import { premise } from '../../fixtures/probes/premise.ts';
import type { Run } from '../../fixtures/run.ts';
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
type TlsVersion = (typeof versions)[number];

/** What becomes of a request by a client that TLS let in: of releases that allow nothing, the same is asked. */
const letIn = ['allowed', 'denied by alp'] as const;

requirement('MTLS-07', async ({ run, sandbox }) => {
  const alerts = { 'TLSv1.2': alert.handshakeFailure, 'TLSv1.3': alert.certificateRequired };
  await refusesCertificate(run, sandbox, {}, (version) => alerts[version]);
});

requirement('MTLS-08', async ({ run, sandbox }) => {
  const own = `spiffe://${await sandbox.trustDomain()}/ns/${sandbox.mesh}/sa/client`;
  await refusesCertificate(run, sandbox, await foreignCertificate(own), () => alert.unknownCa);
});

requirement('MTLS-12', async ({ sandbox }) => {
  const own = ownIdentity(sandbox);
  // The second one is another only by its end.
  const others = ['another-mesh.test', `${await sandbox.trustDomain()}.another-mesh.test`];
  for (const version of versions) {
    const inside = await sandbox.routeAs(own, 'plain', 'echo', { version });
    await expect(inside).toDecide([[GET(`/${version}`), letIn, control]]);
    for (const trustDomain of others) {
      const outside = await sandbox.routeAs(own, 'plain', 'echo', { version, trustDomain });
      await expect(outside).toDecide([[GET(`/${version}`), 'refused by mtls']]);
    }
  }
});

/**
 * A client that shows this is refused for what it shows, and not because TLS as such goes wrong there: a certificate
 * of the mesh is let in by the same version of TLS, or where none can be had, the alert says so.
 *
 * @param alertFor the one that was measured (Istio 1.28.10).
 */
async function refusesCertificate(
  { meshAuthority = false }: Run,
  sandbox: Sandbox,
  shown: Pick<TlsOptions, 'cert' | 'key'>,
  alertFor: (version: TlsVersion) => number,
): Promise<void> {
  await expect(await sandbox.route('plain', 'plain')).toDecide([[GET('/'), 'allowed', control]]);
  for (const version of versions) {
    const asked = GET(`/${version}`);
    if (meshAuthority) {
      const inside = await sandbox.routeAs(ownIdentity(sandbox), 'plain', 'echo', { version });
      await expect(inside).toDecide([[asked, letIn, control]]);
    }
    const tls = { ...shown, alpn: ['istio'], minVersion: version, maxVersion: version };
    const route = await sandbox.route('plain', 'echo', { by: 'pod address', tls });
    await expect(route).toDecide([[asked, 'refused by mtls']]);
    if (!meshAuthority) await refusedByAlert(route, asked, alertFor(version));
  }
}

function ownIdentity({ mesh }: Sandbox): string {
  return `ns/${mesh}/sa/client`;
}

/** What STRICT leaves alone is told only where it is in force, which is where plaintext is refused. */
async function strictInForce(sandbox: Sandbox): Promise<void> {
  const plaintext = await sandbox.route('plain', 'echo', { by: 'pod address' });
  await premise(
    plaintext,
    [[GET('/'), 'refused by mtls']],
    'STRICT is not in force, so its bounds say nothing',
  );
}

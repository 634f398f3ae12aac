import type { HttpResponse } from '../../fixtures/agent/protocol.ts';
import { dikastesHost } from '../../fixtures/dikastes-service.ts';
import { observe } from '../../fixtures/probes/observe.ts';
import { control, expect, GET, grpc, requirement } from '../../fixtures/test.ts';

/** The port of the ServiceEntry by which sidecars find the socket of Dikastes. */
const port = 1;

// A call that no server knows does nothing to the one that gets it.
const call = grpc('/alp.Conformance/Nobody', { headers: [['Host', dikastesHost]] });

/** How it fails is the business of names, of mutual TLS and of routes; an answer of Dikastes is none of these. */
const nobody = ['unreachable', 'refused by mtls', 'no route', 'no endpoint'] as const;

requirement('ISO-01', async ({ sandbox }) => {
  for (const from of ['plain', 'client'] as const) {
    await expect(await sandbox.route(from, 'plain')).toDecide([[GET('/'), 'allowed', control]]);
  }
  const straight = await sandbox.route('plain', 'echo', { by: 'pod address' });
  const aims = [
    await sandbox.routeTo('plain', {
      name: 'plain -> Dikastes by name',
      host: dikastesHost,
      port,
      isApplication,
    }),
    { ...straight, name: 'plain -> Dikastes by the address of its pod', port, isApplication },
  ];
  for (const route of aims) await expect(route).toDecide([[call, nobody]]);
  // As if the sidecars on the way were proxies for whatever host one asks them for. The client's passes a host that
  // it has no route for on as it came, and the other one refuses what comes in plaintext.
  const throughProxies = await sandbox.route('client', 'echo', { port: 'grpc' });
  const asked = { ...throughProxies, name: 'client -> Dikastes through sidecars', isApplication };
  await expect(asked).toDecide([[call, [...nobody, 'error']]]);
  const [judged] = await observe(asked, [call]);
  const { response } = judged?.observation ?? {};
  if (response !== undefined) expect(response.grpcStatus, "the sidecar's own word: unavailable").toBe(14);
});

/** How gRPC's own servers answer a call that they do not know; the proxies' words for it are others. */
function isApplication({ headers, trailers }: HttpResponse): boolean {
  const [message = ''] = trailers?.['grpc-message'] ?? headers['grpc-message'] ?? [];
  return /unknown service/i.test(decodeURIComponent(message));
}

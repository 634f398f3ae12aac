import type { HttpResponse } from '../../fixtures/agent/protocol.ts';
import { observe } from '../../fixtures/probes/observe.ts';
import { control, expect, GET, grpc, requirement } from '../../fixtures/test.ts';

/** The host of the ServiceEntry by which sidecars find the socket of Dikastes, and its port. */
const name = 'dikastes.calico.cluster.local';
const port = 1;

// A call that no server knows does nothing to the one that gets it.
const call = grpc('/alp.Conformance/Nobody', { headers: [['Host', name]] });

requirement('ISO-01', async ({ sandbox }) => {
  for (const from of ['plain', 'client'] as const) {
    await expect(await sandbox.route(from, 'plain')).toDecide([[GET('/'), 'allowed', control]]);
  }
  const aims = [
    { from: 'plain', host: name, port },
    { from: 'plain', host: await sandbox.address('echo'), port },
    // As if the sidecars on the way were proxies for whatever host one asks them for.
    { from: 'client', ...(await sandbox.route('client', 'echo', { port: 'grpc' })) },
  ] as const;
  for (const { from, host, port } of aims) {
    const edge = `${from} -> ${host}:${port}`;
    const route = await sandbox.routeTo(from, { name: edge, host, port, isApplication: isGrpcServer });
    const [judged] = await observe(route, [call]);
    // How it fails is the business of names and of mutual TLS.
    expect(judged?.verdict.name, `${edge}: ${judged?.verdict.evidence.join('; ')}`).not.toBe('allowed');
  }
});

/** How gRPC's own servers answer a call that they do not know; the proxies' words for it are others. */
function isGrpcServer({ headers, trailers }: HttpResponse): boolean {
  const [message = ''] = trailers?.['grpc-message'] ?? headers['grpc-message'] ?? [];
  return /unknown service/i.test(decodeURIComponent(message));
}

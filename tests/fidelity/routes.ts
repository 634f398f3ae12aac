import { runBatch } from '../../fixtures/agent/batch.ts';
import type { HttpRequest, HttpResponse, TlsOptions } from '../../fixtures/agent/protocol.ts';
import { foreignCertificate } from '../../fixtures/certificates.ts';
import { grpc, h2, type ProbeInput, webSocket } from '../../fixtures/probes/request.ts';
import type { Route } from '../../fixtures/probes/route.ts';
import { isShop } from '../../fixtures/shop/recognise.ts';
import { spiffeId } from '../../reference/network/certificates.ts';
import type { NetworkInterface } from '../../reference/network/interface.ts';
import { type Destination, type HttpForm, isOfMesh, type Probe, type TlsClient } from './probe.ts';
import { coldHost, warmHost } from './world/gateway-hosts.ts';
import { serverPorts } from './world/inhabitants.ts';
import type { World } from './world/world.ts';

/**
 * What a probe asks for. At the gateway a host of its own leads to whatever isn't the shop, and another to where the
 * gateway keeps no connection open.
 */
export function requestOf({ origin, to, heat, http }: Probe): ProbeInput {
  if (http === undefined) throw new Error('This probe asks for nothing.');
  const { by, ...request } = http;
  if (origin !== 'gateway' || (to === 'frontend' && heat !== 'cold')) return forms[by](request);
  const host = heat === 'cold' ? coldHost(to) : warmHost(to);
  return forms[by]({ ...request, headers: [['Host', host]] });
}

const forms: Record<HttpForm, (request: HttpRequest) => ProbeInput> = {
  'HTTP/1.1': (request) => request,
  h2,
  upgrading: (request) => ({
    ...request,
    headers: [
      ['Connection', 'Upgrade, HTTP2-Settings'],
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'AAMAAABkAAQAoAAAAAIAAAAA'],
    ],
  }),
  gRPC: ({ target }) => grpc(target),
  WebSocket: ({ target }) => webSocket(target),
};

/** The place on the network that a probe's connections come from; the host is that of the server's pod. */
export function placeOf(world: World, { origin, to }: Probe): NetworkInterface {
  return origin === 'host' ? world.hostOf(`${namespaceOf(to)}/${to}`) : world.networkOf(origin);
}

function namespaceOf(to: Destination): string {
  return to === 'frontend' ? 'default' : 'srv';
}

/** How a probe gets to where it goes. */
export async function routeOf(world: World, probe: Probe): Promise<Route> {
  const { origin, to } = probe;
  const isApplication = (response: HttpResponse) =>
    to === 'frontend' ? isShop(response) : response.headers['x-alp-echo'] !== undefined;
  const namespace = namespaceOf(to);
  const common = {
    name: `${origin} -> ${to}`,
    connectTimeoutMs: 5_000,
    timeoutMs: 20_000,
    isApplication,
    serverLogs: logs(world, namespace, to),
  };
  if (origin === 'gateway') {
    const { host, port } = world.mesh.ingress;
    return {
      ...common,
      host,
      port,
      send: runBatch,
      clientLogs: logs(world, 'istio-system', 'istio-ingressgateway'),
    };
  }
  const network = placeOf(world, probe);
  const [home = '', client = ''] = origin.split('/');
  return {
    ...common,
    ...addressOf(world, probe),
    send: (batch) => runBatch(batch, { connect: ({ host, port }) => network.connect({ host, port }) }),
    ...(isOfMesh(probe) && { clientLogs: logs(world, home, client) }),
    ...(probe.tls && { tls: await tlsOf(world, probe.tls) }),
  };
}

/** Of a mesh client by Service, of any other straight to the pod, unless told otherwise. */
function addressOf(world: World, probe: Probe): { host: string; port: number } {
  const { to, port, heat, by } = probe;
  const namespace = namespaceOf(to);
  const straight = by === 'address' || (by === undefined && !isOfMesh(probe));
  if (straight) return { host: world.addressOf(`${namespace}/${to}`), port };
  const service = by ?? (heat === 'cold' ? 'cold' : to);
  const servicePort = serverPorts.find(({ targetPort }) => targetPort === port)?.port ?? port;
  return { host: `${service}.${namespace}.svc.cluster.local`, port: servicePort };
}

async function tlsOf(world: World, { version, certificate, alpn }: TlsClient): Promise<TlsOptions> {
  return {
    ...(await certificateOf(world, certificate)),
    minVersion: version,
    maxVersion: version,
    ...(alpn && { alpn }),
  };
}

async function certificateOf(world: World, certificate: string): Promise<{ cert?: string; key?: string }> {
  const { authority } = world.mesh;
  const own = ({ cert, key }: { cert: string; key: string }) => ({ cert, key });
  switch (certificate) {
    case 'without':
      return {};
    case 'with a foreign':
      return foreignCertificate(spiffeId('ma', 'alice'));
    case 'with a DNS':
      return own(await authority.issueFor({ dns: 'alice.ma.svc.cluster.local' }));
  }
  const [namespace = '', name = ''] = certificate.split('/');
  const uri = certificate.includes('://') ? certificate : spiffeId(namespace, name);
  return own(await authority.issue(uri));
}

function logs(world: World, namespace: string, app: string): NonNullable<Route['serverLogs']> {
  return { read: async () => world.accessLogs(namespace, app, 400) };
}

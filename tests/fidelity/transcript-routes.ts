import { runBatch } from '../../fixtures/agent/batch.ts';
import type { HttpResponse, TlsOptions } from '../../fixtures/agent/protocol.ts';
import { foreignCertificate } from '../../fixtures/certificates.ts';
import type { Route } from '../../fixtures/probes/route.ts';
import type { TranscriptLine } from '../../fixtures/recorder.ts';
import { isShop } from '../../fixtures/shop/recognise.ts';
import { spiffeId } from '../../reference/network/certificates.ts';
import { patienceMs } from './tcp.ts';
import { meshNamespace, outsideNamespace } from './world/sandbox.ts';
import type { World } from './world/world.ts';

/** What the transcripts' routes need that is made anew for each. */
export interface Unused {
  /** A Service for `echo` that nobody has used yet. */
  service: string;
}

const pattern = /^(?<from>client|plain|echo) -> (?<to>echo|client|plain|frontend)(?: by (?<by>.+))?$/;

/** The route that a recorded line went over. */
export async function routeOfLine(
  world: World,
  requirement: string,
  { route: name, request, observation }: TranscriptLine,
  { service }: Unused,
): Promise<Route> {
  if (name === 'outside -> gateway -> frontend') {
    return {
      ...world.mesh.ingress,
      name,
      connectTimeoutMs: 5_000,
      timeoutMs: 45_000,
      send: runBatch,
      isApplication: isShop,
      serverLogs: { read: async () => world.accessLogs('default', 'frontend', 400) },
      clientLogs: { read: async () => world.accessLogs('istio-system', 'istio-ingressgateway', 400) },
    };
  }
  const parts = pattern.exec(name)?.groups;
  if (parts === undefined) throw new Error(`There is no route "${name}".`);
  const { from = '', to = '', by = 'service' } = parts;
  const home = namespaceOf(from);
  const network = world.networkOf(`${home}/${from}`);
  const tls = await tlsOf(requirement, request.target);
  return {
    name,
    ...addressOf(world, to, by, service),
    connectTimeoutMs: observation.error?.stage === 'connect' ? patienceMs : 5_000,
    timeoutMs: 45_000,
    send: (batch) => runBatch(batch, { connect: ({ host, port }) => network.connect({ host, port }) }),
    isApplication: to === 'frontend' ? isShop : isEcho,
    serverLogs: { read: async () => world.accessLogs(namespaceOf(to), to, 400) },
    ...(from !== 'plain' && { clientLogs: { read: async () => world.accessLogs(home, from, 400) } }),
    ...(tls && { tls }),
  };
}

function isEcho({ headers }: HttpResponse): boolean {
  return headers['x-alp-echo'] !== undefined;
}

function namespaceOf(name: string): string {
  if (name === 'frontend') return 'default';
  return name === 'plain' ? outsideNamespace : meshNamespace;
}

function addressOf(world: World, to: string, by: string, unused: string): { host: string; port: number } {
  const namespace = namespaceOf(to);
  if (by === 'pod address') return { host: world.addressOf(`${namespace}/${to}`), port: 8080 };
  const services: Record<string, string> = {
    service: to,
    'frontend-external': by,
    'an unused service': unused,
  };
  return { host: `${services[by]}.${namespace}.svc.cluster.local`, port: 80 };
}

/** The TLS clients of the specs name their version in the path (`specs/mtls/sandbox.spec.ts`). */
async function tlsOf(requirement: string, target: string): Promise<TlsOptions | undefined> {
  const version = target.slice(1);
  if (version !== 'TLSv1.2' && version !== 'TLSv1.3') return undefined;
  const foreign =
    requirement === 'MTLS-08' ? await foreignCertificate(spiffeId(meshNamespace, 'default')) : {};
  return { ...foreign, alpn: ['istio'], minVersion: version, maxVersion: version };
}

import { askOf } from '../../fixtures/probes/request.ts';
import { isOfMesh, type Probe } from './probe.ts';
import { requestOf, routeOf } from './routes.ts';
import type { World } from './world/world.ts';

/** As many requests at once as leave each worker of a proxy with more than one connection. */
const burst = 8;

/** A port of the server to which the clients' sidecars had no connection. */
const neverWarm = 8082;

/**
 * Leaves the gateway and the clients' sidecars with open connections to where the probes go. Connections from before
 * an earlier change of mutual TLS are closed by their server soon, so those are waited out.
 *
 * @returns what was not served, although nothing was given yet.
 */
export async function warmUp(world: World, probes: readonly Probe[]): Promise<string[]> {
  const warm = probes.filter(isWarm);
  if (warm.length === 0) return [];
  await world.drained();
  const ways = new Map(warm.map((probe) => [`${probe.origin} ${probe.to} ${probe.port}`, probe]));
  const wrong = await Promise.all([...ways.values()].map((probe) => openConnections(world, probe)));
  return wrong.flat();
}

function isWarm(probe: Probe): boolean {
  const { http, heat, origin, to, port } = probe;
  if (http === undefined || heat === 'cold') return false;
  return origin === 'gateway' || (isOfMesh(probe) && heat === 'warm' && to === 'echo' && port !== neverWarm);
}

async function openConnections(world: World, probe: Probe): Promise<string[]> {
  const route = await routeOf(world, probe);
  const { headers = [] } = askOf(requestOf(probe)).http ?? {};
  const observations = await route.send(
    Array.from({ length: burst }, (_, index) => ({
      id: `warm-${index}`,
      host: route.host,
      port: route.port,
      protocol: 'http/1.1' as const,
      http: { method: 'GET', target: '/', headers: headers.filter(([name]) => name === 'Host') },
      connectTimeoutMs: 5_000,
      timeoutMs: 5_000,
    })),
  );
  return observations
    .filter(({ response }) => response?.status !== 200)
    .slice(0, 1)
    .map(({ response, error }) => `${route.name} got ${response?.status ?? error?.code}, recorded 200`);
}

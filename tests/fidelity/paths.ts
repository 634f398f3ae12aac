import type { HttpResponse } from '../../fixtures/agent/protocol.ts';
import { refOf } from '../../fixtures/cluster/objects.ts';
import { tutorialPolicies } from '../../fixtures/policies/tutorial.ts';
import { judge } from './evidence.ts';
import { parseProbe } from './probe.ts';
import type { Difference } from './replay.ts';
import { routeOf } from './routes.ts';
import type { PathRow } from './tables/paths.ts';
import { differencesBetween, type Expected, toldOf } from './told.ts';
import { warmUp } from './warm-up.ts';
import type { World } from './world/world.ts';

export interface PathTable {
  name: string;
  /** Where requests come from, as in a probe. */
  from: 'gateway' | 'client/plain';
  policies: (keyof typeof tutorialPolicies)[];
  mesh?: 'PERMISSIVE';
  rows: PathRow[];
}

/** Sends the requests of a path table, and compares the answers. */
export async function replayPaths(world: World, table: PathTable): Promise<Difference[]> {
  const { from, policies, rows } = table;
  const probe = parseProbe(`${from} GET frontend/`)!;
  const inForce = policies.map((policy) => tutorialPolicies[policy]);
  try {
    world.setMeshMode(table.mesh ?? 'STRICT');
    await world.settled();
    const before = await warmUp(world, [probe]);
    if (before.length > 0) return [{ where: `${table.name}: before`, what: before.join('; ') }];
    for (const policy of inForce) world.apply(policy);
    await world.settled();
    const route = await routeOf(world, probe);
    const { result: judged } = await judge(
      {
        ...route,
        isApplication: (response) => isPage(response.body) !== undefined || route.isApplication(response),
      },
      rows.map(({ method, target }) => ({ method, target })),
      world.timeScale,
    );
    return rows.flatMap((row, index) => {
      const { observation, verdict, ...logs } = judged[index]!;
      const seen = toldOf({ observation, ...logs }, verdict.name);
      const told = { ...seen, bytes: bytesOf(row, observation.response) };
      const page = observation.response && isPage(observation.response.body);
      const differences = differencesBetween(expectedOf(row, from), told);
      // The head of a page is nothing but its status.
      if (row.page !== page && row.page !== undefined) {
        differences.push(`page is ${page ?? 'another'}, recorded ${row.page}`);
      }
      if ((told.bytes === 0) !== (row.bytes === 0)) {
        differences.push(`${told.bytes} bytes, recorded ${row.bytes}`);
      }
      const where = `${table.name}: ${row.method} ${row.target}`;
      return differences.length === 0 ? [] : [{ where, what: differences.join('; ') }];
    });
  } finally {
    for (const policy of inForce) world.remove(refOf(policy));
    world.setMeshMode('STRICT');
    await world.settled();
  }
}

/**
 * Envoy answers what it cannot parse with a body, whatever the method may have been. The prober, which knows that it
 * asked by HEAD, does not read it, unlike the one that the recording was made with.
 */
function bytesOf({ method, own }: PathRow, response: HttpResponse | undefined): number {
  if (method !== 'HEAD' || !own) return response?.bodyBytes ?? 0;
  return Number(response?.headers['content-length']?.[0] ?? 0);
}

/** `(gw)` stands for an answer that no upstream gave to the first proxy on the way. */
function expectedOf({ status, own, location, bytes }: PathRow, from: PathTable['from']): Expected {
  return {
    status,
    fromUpstream: !own,
    server: 'istio-envoy',
    ...(location !== undefined && { location }),
    // The pages' own lengths are of the shop that was there.
    ...((own || bytes < 20) && { bytes }),
    ...(status === 403 && { verdict: 'denied by alp', serverLog: '403 UAEX ext_authz_denied' }),
    ...(own && status === 400 && { verdict: 'rejected by proxy' }),
    ...(!own && status !== 403 && { verdict: 'allowed' }),
    ...(from === 'gateway' && !own && { clientLog: `${status} - via_upstream` }),
    took: 'instant',
  };
}

function isPage(body: string): 'home' | 'cart' | undefined {
  if (body.includes('class="hot-product-card"')) return 'home';
  return body.includes('our cart') ? 'cart' : undefined;
}

import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Guest } from '../../fixtures/guest/guest.ts';
import { type Judged, openConnections } from '../../fixtures/probes/observe.ts';
import type { Route } from '../../fixtures/probes/route.ts';
import type { TranscriptLine } from '../../fixtures/recorder.ts';
import { agentService } from '../../fixtures/sandbox/manifests.ts';
import { openSideHost } from '../../fixtures/shop/side-host.ts';
import { Changes } from './changes.ts';
import { judge } from './evidence.ts';
import type { Difference } from './replay.ts';
import type { ShortObject } from './rows.ts';
import type { Run, Transcript } from './tables/transcripts.ts';
import { patienceMs } from './tcp.ts';
import { differencesBetween, type Expected, toldOf } from './told.ts';
import { routeOfLine } from './transcript-routes.ts';
import { meshNamespace } from './world/sandbox.ts';
import type { World } from './world/world.ts';

const sideRoutes = {
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'VirtualService',
  namespace: 'default',
  name: 'alp-conformance-side',
};

let made = 0;

/** Sends what a transcript recorded, with the same policies in force, and compares what is seen. */
export async function replayTranscript(
  world: World,
  run: Run,
  { requirement, place, phases }: Transcript,
): Promise<Difference[]> {
  made += 1;
  const unused = { service: `echo-cold-${made}` };
  const lines = phases.flatMap((phase) => phase.lines);
  if (place === 'sandbox') world.apply(agentService(unused.service, meshNamespace, 'echo'));
  const route = (line: TranscriptLine) => routeOfLine(world, requirement, line, unused);
  if (lines.some(asksSideHost)) await makeSideHost(world, run, await route(lines.find(asksSideHost)!));
  if (phases.some(({ given }) => given.some(closes))) {
    for (const warm of distinct(lines.filter(wasWarm))) await openConnections(await route(warm));
  }
  const found: Difference[] = [];
  const seen = new Map<string, number>();
  for (const { given, lines: ofPhase } of phases) {
    const changes = new Changes(world, undefined);
    changes.give(given);
    await world.settled();
    for (const batch of batchesOf(ofPhase)) {
      const requests = batch.map(({ request }) => request);
      const { result: judged, pace } = await judge(await route(batch[0]!), requests, world.timeScale);
      for (const [index, line] of batch.entries()) {
        const probe = `${line.route}: ${line.request.method} ${line.request.target}`;
        seen.set(probe, (seen.get(probe) ?? 0) + 1);
        const what = compare(line, judged[index]!, pace);
        const where = `${run.name}: ${requirement} at the ${place}: ${probe} (${seen.get(probe)})`;
        if (what.length > 0) found.push({ where, what: what.join('; ') });
      }
    }
    changes.undo();
    await world.settled();
  }
  world.remove(sideRoutes);
  return found;
}

function compare(line: TranscriptLine, judged: Judged, pace: number): string[] {
  const recorded = toldOf(line, line.verdict);
  const told = toldOf(judged, judged.verdict.name, pace);
  const { bytes, decorated: _d, serverLog, clientLog, location: _l, ...exact } = recorded;
  const expected: Expected = {
    ...exact,
    // The pages of the shops differ, but not in whether there is one.
    ...(bytes === 0 && { bytes }),
    ...(serverLog !== undefined && { serverLog }),
    ...(clientLog !== undefined && { clientLog }),
    // The prober here has less patience than the recorded one had, which was two seconds.
    ...(recorded.error === 'ETIMEDOUT' && { took: tookAfter(patienceMs) }),
  };
  const differences = differencesBetween(expected, told);
  if (bytes !== 0 && told.bytes === 0) differences.push('no body, recorded one');
  return differences;
}

function tookAfter(ms: number): 'instant' | 'seconds' {
  return ms < 1_500 ? 'instant' : 'seconds';
}

function asksSideHost({ request }: TranscriptLine): boolean {
  return request.headers?.some(([name]) => name === 'Host') === true;
}

/** Whether a policy leaves nothing open at L4, so that it matters who had a connection. */
function closes({ ingress = [] }: ShortObject): boolean {
  const rules = ingress as { action: string }[];
  return rules.length === 0 || rules.some(({ action }) => action === 'Deny');
}

/** Proxies were left with open connections before the policies, except where a line was to find none. */
function wasWarm(line: TranscriptLine): boolean {
  return (line.route.startsWith('outside') && !asksSideHost(line)) || line.route === 'client -> echo';
}

function distinct(lines: readonly TranscriptLine[]): TranscriptLine[] {
  return [...new Map(lines.map((line) => [line.route, line])).values()];
}

/** Lines of the same route that follow one another were sent as one batch; TLS clients each have a route of their own. */
function batchesOf(lines: readonly TranscriptLine[]): TranscriptLine[][] {
  const batches: TranscriptLine[][] = [];
  for (const line of lines) {
    const last = batches.at(-1);
    const same = last?.[0]?.route === line.route && !line.request.target.startsWith('/TLSv');
    if (same) last.push(line);
    else batches.push([line]);
  }
  return batches;
}

/** What the suite makes for it; there is no waiting, as the gateway knows of every change here. */
async function makeSideHost(world: World, { sideHostRetries = false }: Run, gateway: Route): Promise<void> {
  const guest = { create: async (object: KubeObject) => world.apply(object) } as unknown as Guest;
  const send: Route['send'] = async (batch) =>
    batch.map(({ id }) => ({
      id,
      at: '',
      response: { status: 204, headers: {}, body: '', bodyBytes: 0 },
      timings: { totalMs: 0 },
    }));
  await openSideHost(guest, { ...gateway, send });
  if (sideHostRetries) {
    const { spec } = world.find(sideRoutes)!;
    const { http } = spec as { http: { retries?: object }[] };
    world.patch(sideRoutes, { spec: { http: http.map(({ retries: _, ...route }) => route) } });
  }
  await world.settled();
}

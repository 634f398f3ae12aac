import type { Observation } from '../../fixtures/agent/protocol.ts';
import { type Judged, observe, type ProbeInput } from '../../fixtures/probes/observe.ts';
import type { LogSource, Route } from '../../fixtures/probes/route.ts';
import { entryOfConnection, entryOfProbe } from '../../fixtures/verdicts/access-log.ts';
import { classify } from '../../fixtures/verdicts/classify.ts';
import type { AccessLogEntry } from '../../fixtures/verdicts/verdict.ts';
import { type Paced, paced } from './pace.ts';

/**
 * Sends requests and classifies them by the wire and by whatever the proxies on the way logged. In this process a proxy
 * logs within the turn in which its part ends, so the logs are read once, in the turn after.
 */
export async function judge(
  route: Route,
  requests: readonly ProbeInput[],
  timeScale: number,
): Promise<Paced<Judged[]>> {
  const { result: judged, pace } = await paced(timeScale, () => observe(route, requests));
  await new Promise((resolve) => setImmediate(resolve));
  const [server, client] = await Promise.all([read(route.serverLogs), read(route.clientLogs)]);
  const result = judged.map(({ request, observation }) => {
    const entries = { server: find(server, observation), client: find(client, observation) };
    return {
      request,
      observation,
      verdict: classify(observation, { isApplication: route.isApplication, ...entries }),
      ...entries,
    };
  });
  return { result, pace };
}

type Log = Awaited<ReturnType<LogSource['read']>>;

async function read(source: LogSource | undefined): Promise<Log> {
  return source === undefined ? [] : source.read(0);
}

function find(logs: Log, { id, error, local }: Observation): AccessLogEntry | undefined {
  for (const { proxy, text } of logs) {
    const entry =
      entryOfProbe(text, proxy, id) ??
      (error === undefined || local === undefined ? undefined : entryOfConnection(text, proxy, local));
    if (entry !== undefined) return entry;
  }
  return undefined;
}

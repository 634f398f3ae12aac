import { type Judged, observe } from '../../fixtures/probes/observe.ts';
import { askOf, type ProbeInput } from '../../fixtures/probes/request.ts';
import type { LogSource, Route } from '../../fixtures/probes/route.ts';
import { AccessLog } from '../../fixtures/verdicts/access-log.ts';
import { classify } from '../../fixtures/verdicts/classify.ts';
import { findEntries } from '../../fixtures/verdicts/find-entries.ts';
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
    const entries = findEntries(observation, { server, client });
    const context = { asked: askOf(request), isApplication: route.isApplication, ...entries };
    return { request, observation, verdict: classify(observation, context), ...entries };
  });
  return { result, pace };
}

async function read(source: LogSource | undefined): Promise<AccessLog[]> {
  const logs = (await source?.read(0)) ?? [];
  return logs.map(({ proxy, text }) => new AccessLog(proxy, text));
}

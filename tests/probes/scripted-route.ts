import type { HttpResponse, Observation, ProbeError, ProbeRequest } from '../../fixtures/agent/protocol.ts';
import type { Route } from '../../fixtures/probes/route.ts';

/** What one probe is answered with: an HTTP response, bytes or an error, as little of it as a test needs. */
export type Canned = number | Partial<HttpResponse> | { text: string } | ProbeError;

/** Answers a whole batch; `round` counts from 1. */
export type Script = (batch: readonly ProbeRequest[], round: number) => Canned[];

export interface ScriptedRoute extends Route {
  /** The batches sent so far. */
  sent: ProbeRequest[][];
}

/** A route whose prober answers by script, at once. A response with status 200 is the application's. */
export function scriptedRoute(script: Script, more: Partial<Route> = {}): ScriptedRoute {
  const sent: ProbeRequest[][] = [];
  return {
    name: 'client -> echo',
    host: 'echo.shop.svc',
    port: 8080,
    connectTimeoutMs: 1_000,
    timeoutMs: 2_000,
    isApplication: ({ status }) => status === 200,
    sent,
    send: async (batch) => {
      sent.push([...batch]);
      const canned = script(batch, sent.length);
      return canned.map((answer, index) => observation(batch[index]!.id, answer));
    },
    ...more,
  };
}

/** A route that answers each target with a status of its own, always the same. */
export function statusRoute(statuses: Record<string, number>): ScriptedRoute {
  return scriptedRoute((batch) => batch.map(({ http }) => statuses[http?.target ?? ''] ?? 404));
}

/** A route of one request whose answer changes from round to round; the last one lasts. */
export function answers(...statuses: [Canned, ...Canned[]]): ScriptedRoute {
  return scriptedRoute((batch, round) => batch.map(() => statuses[Math.min(round, statuses.length) - 1]!));
}

export function observation(id: string, canned: Canned): Observation {
  const common = { id, at: '2026-01-01T00:00:00.000Z', local: '10.0.0.9:4711', timings: { totalMs: 1.4 } };
  if (typeof canned === 'object' && 'stage' in canned) return { ...common, error: canned };
  if (typeof canned === 'object' && 'text' in canned) return { ...common, text: canned.text };
  const response = typeof canned === 'number' ? { status: canned } : canned;
  return { ...common, response: { status: 200, headers: {}, body: '', bodyBytes: 0, ...response } };
}

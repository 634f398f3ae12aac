import type { Headers } from '../../fixtures/agent/http-message.ts';
import type { UpstreamEndpoint } from '../istio/route.ts';
import type { EnvoyRules, ResetReason } from '../rules/envoy.ts';
import { type ClusterPools, nameOf } from './cluster-pools.ts';
import type { Exchange } from './exchange.ts';
import { localReply } from './local-reply.ts';
import { asksUpgrade, type HttpVersion, type Request, type Response, withoutHop } from './message.ts';
import { type UpstreamConnection, UpstreamFailure } from './upstream.ts';

/** Where a request goes, and how often that is tried. */
export interface Destination {
  cluster: string;
  endpoints: readonly UpstreamEndpoint[];
  /** What is spoken to them. */
  version: HttpVersion;
  /** Attempts at most. */
  attempts: number;
  maxRequestsPerConnection?: number | undefined;
  /** Opens a connection to one of the endpoints. */
  dial: (endpoint: UpstreamEndpoint) => Promise<UpstreamConnection>;
  /** Header lines that only the upstream gets. */
  headers: Headers;
  /** Whether the upstream is told the number of the attempt. */
  countsAttempts: boolean;
  /** How the log names an endpoint; by its address when absent. */
  logged?: { address: string; port: number };
}

/** Sends a request to one of a cluster's endpoints, and again as the rules say. */
export async function forward(
  request: Request,
  destination: Destination,
  pools: ClusterPools,
  rules: EnvoyRules,
  { exchange, signal, timeScale }: { exchange: Exchange; signal: AbortSignal; timeScale: number },
): Promise<Response> {
  const { entry } = exchange;
  entry.upstreamCluster = destination.cluster;
  const tried = new Set<string>();
  for (let attempt = 1; ; attempt += 1) {
    const endpoint = pools.next(destination.endpoints, tried);
    if (endpoint === undefined) return localReply(rules.noHealthyUpstream(), exchange, rules);
    tried.add(nameOf(endpoint));
    entry.upstreamHost = destination.logged ?? endpoint;
    try {
      return await attemptAt(endpoint, attempt);
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error;
      const again = rules.retriesOn(error.reason);
      if (!again || attempt >= attemptsFor(error.reason, destination.attempts)) {
        return unavailable(error, { retried: attempt > 1, exhausted: again && attempt > 1 }, exchange, rules);
      }
    }
    await pause(rules.backOff(attempt + 1, Math.random()) * timeScale, signal);
  }

  async function attemptAt(endpoint: UpstreamEndpoint, attempt: number): Promise<Response> {
    const pool = pools.host(endpoint, destination.version, {
      dial: () => destination.dial(endpoint),
      maxRequests: destination.maxRequestsPerConnection,
    });
    const channel = await pool.acquire(signal);
    entry.upstreamLocal = { address: channel.socket.localAddress, port: channel.socket.localPort };
    let reusable = false;
    try {
      const sentAt = performance.now();
      const answer = await channel.send(request, headersFor(request, destination, attempt), signal);
      const { response, persistent } = answer;
      entry.details = 'via_upstream';
      entry.upstreamMs = Math.floor(performance.now() - sentAt);
      reusable = persistent;
      const isUpgrade = response.upgraded !== undefined;
      const headers = isUpgrade ? response.headers : withoutHop(response.headers, false);
      // Measured from the end of the request, which one that asks for an upgrade does not have (envoy
      // `source/common/router/router.cc`, onUpstreamHeaders; so measured for WebSocket).
      const took = asksUpgrade(request)
        ? {}
        : { 'x-envoy-upstream-service-time': [String(entry.upstreamMs)] };
      return { ...response, headers: { ...headers, ...took } };
    } finally {
      pool.release(channel, reusable);
    }
  }
}

function headersFor(request: Request, destination: Destination, attempt: number): Headers {
  const headers = withoutHop(request.headers, true);
  const upgrade = asksUpgrade(request) ? { connection: ['upgrade'] } : {};
  const count = destination.countsAttempts ? { 'x-envoy-attempt-count': [String(attempt)] } : {};
  return { ...headers, ...count, ...destination.headers, ...upgrade };
}

// What was pooled is worth a fresh connection even where a route has no retries, so that nobody sees the race.
function attemptsFor(reason: ResetReason, attempts: number): number {
  return reason === 'stale connection' ? Math.max(attempts, 3) : attempts;
}

/** The answer to a request that no attempt brought through (envoy `source/common/router/router.cc`). */
function unavailable(
  { reason, transport }: UpstreamFailure,
  { retried, exhausted }: { retried: boolean; exhausted: boolean },
  exchange: Exchange,
  rules: EnvoyRules,
): Response {
  const words = reason === 'stale connection' ? 'connection termination' : reason;
  const flags = [...(exhausted ? ['URX'] : []), flagOf[reason]];
  const cause = transport === undefined ? words : `${words}|${transport}`;
  exchange.entry.transportFailure = transport?.replaceAll(' ', '_');
  exchange.entry.upstreamLocal = undefined;
  return localReply(
    {
      status: reason === 'protocol error' ? 502 : 503,
      body: `upstream connect error or disconnect/reset before headers. ${retried ? 'retried and the latest ' : ''}reset reason: ${words}`,
      details: `upstream_reset_before_response_started{${cause.replaceAll(' ', '_')}}`,
      flags,
    },
    exchange,
    rules,
  );
}

const flagOf: Record<ResetReason, string> = {
  'connection timeout': 'UF',
  'remote connection failure': 'UF',
  'connection termination': 'UC',
  'protocol error': 'UPE',
  'remote reset': 'UR',
  'remote refused stream reset': 'UR',
  'stale connection': 'UC',
};

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}

import type { EnvoyRules, LocalAnswer, Side } from '../rules/envoy.ts';
import type { LogEntry } from './access-log.ts';
import type { Downstream, Exchange } from './exchange.ts';
import { localReply } from './local-reply.ts';
import type { Request, Response } from './message.ts';
import { addForwarded } from './request-headers.ts';
import type { Read } from './request-reader.ts';

/** What a listener does with HTTP (envoy `envoy.filters.network.http_connection_manager`). */
export interface HttpManager {
  rules: EnvoyRules;
  side: Side;
  downstream: Downstream;
  /** What the TLS handshake agreed on; absent: the first bytes say which version of HTTP it is. */
  agreed?: string | undefined;
  /** Filters and route: answers a request that was let in. The signal is aborted when the client has gone. */
  handle: (request: Request, exchange: Exchange, signal: AbortSignal) => Promise<Response>;
  /** Told of every request that ended. */
  log: (entry: LogEntry) => void;
  /** Whether the client should open a new connection for its next request. */
  draining?: () => boolean;
}

/** Takes a request through filters and route; what the codec refused gets its refusal. */
export async function answer(
  read: Read,
  exchange: Exchange,
  manager: HttpManager,
  signal: AbortSignal,
): Promise<{ response: Response; broken: boolean }> {
  const { request } = read;
  const refusal = refusalOf(read, manager);
  if (request !== undefined) {
    if (refusal === undefined) addForwarded(request, manager.side, manager.downstream);
    exchange.describe(request);
  }
  const response =
    refusal === undefined
      ? await manager.handle(request!, exchange, signal)
      : localReply(refusal, exchange, manager.rules);
  return {
    response: withCommonHeaders(response, manager.rules.serverHeader(manager.side)),
    broken: refusal?.flags.includes('DPE') === true,
  };
}

/** Why a request goes no further; undefined once its path is normalised. */
function refusalOf({ request, refusal }: Read, { rules, side }: HttpManager): LocalAnswer | undefined {
  if (request === undefined || refusal !== undefined || !rules.normalizes(side)) return refusal;
  const path = rules.normalizePath(request.path);
  if (path === 'reject') {
    return { status: 400, body: '', details: 'path_normalization_failed', flags: [] };
  }
  request.path = path;
  return undefined;
}

/** Adds what every response of a proxy carries. */
function withCommonHeaders(response: Response, server: string): Response {
  const { date = [new Date().toUTCString()], ...headers } = response.headers;
  return { ...response, headers: { ...headers, date, server: [server] } };
}

import type { Duplex } from 'node:stream';
import { Incoming } from '../../fixtures/agent/incoming.ts';
import type { EnvoyRules, LocalAnswer, Side } from '../rules/envoy.ts';
import type { LogEntry } from './access-log.ts';
import { closeSoon, join } from './close.ts';
import { type Downstream, Exchange } from './exchange.ts';
import { composeResponse } from './http1-writer.ts';
import { localReply } from './local-reply.ts';
import type { Request, Response } from './message.ts';
import { addForwarded } from './request-headers.ts';
import { type Read, readRequest } from './request-reader.ts';

/** What a listener does with HTTP (envoy `envoy.filters.network.http_connection_manager`). */
export interface HttpManager {
  rules: EnvoyRules;
  side: Side;
  downstream: Downstream;
  /** Filters and route: answers a request that was let in. The signal is aborted when the client has gone. */
  handle: (request: Request, exchange: Exchange, signal: AbortSignal) => Promise<Response>;
  /** Told of every request that ended. */
  log: (entry: LogEntry) => void;
  /** Whether the client should open a new connection for its next request. */
  draining?: () => boolean;
}

/** Serves the requests of one HTTP/1.1 connection, one after the other, to its end. Never fails. */
export async function serveHttp(stream: Duplex, manager: HttpManager): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort(new Error('The client has gone.'));
  stream.on('error', leave).once('end', leave).once('close', leave);
  const incoming = new Incoming(stream);
  try {
    let next: 'another' | 'close' | Duplex = 'another';
    while (next === 'another' && (await incoming.ready()) && incoming.unread > 0) {
      next = await serveOne(stream, incoming, manager, gone.signal);
    }
    if (typeof next === 'string') {
      closeSoon(stream);
      return;
    }
    incoming.release();
    join(stream, next);
  } catch {
    stream.destroy();
  }
}

/** @returns what follows the response: another request, the end, or what the connection was upgraded to. */
async function serveOne(
  stream: Duplex,
  incoming: Incoming,
  manager: HttpManager,
  signal: AbortSignal,
): Promise<'another' | 'close' | Duplex> {
  const { rules, side } = manager;
  const exchange = new Exchange(manager.downstream, true);
  const read = await readRequest(incoming, rules, () => stream.write('HTTP/1.1 100 Continue\r\n\r\n'));
  const { request } = read;
  const refusal = refusalOf(read, manager);
  const broken = refusal?.flags.includes('DPE') === true;
  const closes = broken || !rules.keepsAlive(connectionOptions(request)) || manager.draining?.() === true;

  if (request !== undefined) {
    if (refusal === undefined) addForwarded(request, side, manager.downstream);
    exchange.describe(request);
  }
  let response: Response;
  try {
    response =
      refusal === undefined
        ? await manager.handle(request!, exchange, signal)
        : localReply(refusal, exchange);
  } catch (error) {
    if (!signal.aborted) throw error;
    Object.assign(exchange.entry, { flags: ['DC'], details: 'downstream_remote_disconnect' });
    manager.log(exchange.end());
    return 'close';
  }

  const finished = finish(response, rules.serverHeader(side), closes);
  const method = request?.method ?? 'GET';
  exchange.entry.status = finished.status;
  exchange.entry.sent = method === 'HEAD' ? 0 : finished.body.length;
  // Written first, so that whoever has the answer finds the line.
  manager.log(exchange.end());
  stream.write(composeResponse(finished, method));
  return finished.upgraded ?? (closes ? 'close' : 'another');
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

function connectionOptions(request: Request | undefined): string[] {
  const values = request?.headers.connection ?? [];
  return values.flatMap((value) => value.split(',').map((option) => option.trim().toLowerCase()));
}

/** Adds what every response of a proxy carries. */
function finish(response: Response, server: string, closes: boolean): Response {
  const { date = [new Date().toUTCString()], ...headers } = response.headers;
  const connection = closes && response.upgraded === undefined ? { connection: ['close'] } : {};
  return { ...response, headers: { ...headers, date, server: [server], ...connection } };
}

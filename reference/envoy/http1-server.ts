import type { Duplex } from 'node:stream';
import type { Incoming } from '../../fixtures/agent/incoming.ts';
import { closeSoon, join } from './close.ts';
import { Exchange } from './exchange.ts';
import { answer, type HttpManager } from './http-manager.ts';
import { composeResponse } from './http1-writer.ts';
import { asksUpgrade, type Request, type Response } from './message.ts';
import { readRequest } from './request-reader.ts';

/** What follows a response: another request, the end, or what the connection was upgraded to. */
type Next = 'another' | 'close' | { upstream: Duplex; exchange: Exchange };

/** Serves the requests of one HTTP/1.1 connection, one after the other, to its end. Never fails. */
export async function serveHttp1(stream: Duplex, incoming: Incoming, manager: HttpManager): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort(new Error('The client has gone.'));
  stream.on('error', leave).once('end', leave).once('close', leave);
  if (stream.destroyed || stream.readableEnded) leave();
  try {
    let next: Next = 'another';
    while (next === 'another' && (await incoming.ready()) && incoming.unread > 0) {
      next = await serveOne(stream, incoming, manager, gone.signal);
    }
    if (typeof next === 'string') {
      closeSoon(stream);
      return;
    }
    incoming.release();
    carry(stream, next.upstream, next.exchange, manager);
  } catch {
    stream.destroy();
  }
}

async function serveOne(
  stream: Duplex,
  incoming: Incoming,
  manager: HttpManager,
  signal: AbortSignal,
): Promise<Next> {
  const { rules } = manager;
  const exchange = new Exchange(manager.downstream, 'HTTP/1.1');
  const read = await readRequest(incoming, rules, () => stream.write('HTTP/1.1 100 Continue\r\n\r\n'));
  let answered: Awaited<ReturnType<typeof answer>>;
  try {
    answered = await answer(read, exchange, manager, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    manager.log(clientGone(exchange));
    return 'close';
  }

  const { response, broken } = answered;
  const { request } = read;
  const { upgraded } = response;
  // A request that asks for an upgrade has no end, so that nothing can follow it (envoy `conn_manager_impl.cc`,
  // `encodeHeaders`: the remote is not complete).
  const refusedUpgrade = upgraded === undefined && request !== undefined && asksUpgrade(request);
  const kept = rules.keepsAlive(connectionOptions(request)) && manager.draining?.() !== true;
  const closes = broken || refusedUpgrade || !kept;
  const method = request?.method ?? 'GET';
  exchange.entry.status = response.status;
  exchange.entry.sent = method === 'HEAD' ? 0 : response.body.length;
  // Written first, so that whoever has the answer finds the line.
  if (upgraded === undefined) manager.log(exchange.end());
  stream.write(composeResponse(closes && upgraded === undefined ? closing(response) : response, method));
  if (upgraded !== undefined) return { upstream: upgraded, exchange };
  return closes ? 'close' : 'another';
}

function closing(response: Response): Response {
  return { ...response, headers: { ...response.headers, connection: ['close'] } };
}

/** Lets bytes of any kind pass to and fro; the request is over, and logged, when the connection is. */
function carry(stream: Duplex, upstream: Duplex, exchange: Exchange, manager: HttpManager): void {
  const { entry } = exchange;
  let clientWasFirst = true;
  stream.on('data', (chunk: Buffer) => {
    entry.received += chunk.length;
  });
  upstream.on('data', (chunk: Buffer) => {
    entry.sent += chunk.length;
  });
  stream.once('close', () => manager.log(clientWasFirst ? clientGone(exchange) : exchange.end()));
  join(stream, upstream);
  // Unlike a connection of plain TCP, one that began as HTTP is over when either end is.
  stream.once('end', () => {
    closeSoon(upstream);
    stream.destroy();
  });
  upstream.once('end', () => {
    clientWasFirst = stream.readableEnded;
    closeSoon(stream);
  });
}

function clientGone(exchange: Exchange) {
  Object.assign(exchange.entry, { flags: ['DC'], details: 'downstream_remote_disconnect' });
  return exchange.end();
}

function connectionOptions(request: Request | undefined): string[] {
  const values = request?.headers.connection ?? [];
  return values.flatMap((value) => value.split(',').map((option) => option.trim().toLowerCase()));
}

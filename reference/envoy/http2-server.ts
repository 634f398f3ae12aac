import {
  constants,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { Exchange } from './exchange.ts';
import { answer, type HttpManager } from './http-manager.ts';
import { type Body, gather, isWell, toFields, toRequest } from './http2-message.ts';
import type { Response } from './message.ts';

/** Serves the requests of one HTTP/2 connection, many at once, to its end. Never fails. */
export function serveHttp2(stream: Duplex, manager: HttpManager): Promise<void> {
  // What a single line should be is for Envoy's own codec to judge, and it lets more pass than Node does.
  const session = performServerHandshake(stream, { strictSingleValueFields: false });
  session.on('error', () => {});
  session.on('stream', (request: ServerHttp2Stream, _headers, _flags, raw: string[]) => {
    serveOne(session, request, raw, manager).catch(() => request.close(constants.NGHTTP2_INTERNAL_ERROR));
  });
  // The end of a stream that is no socket means nothing to Node.
  stream.once('end', () => session.destroy());
  return new Promise((resolve) => session.once('close', resolve));
}

async function serveOne(
  session: ServerHttp2Session,
  stream: ServerHttp2Stream,
  raw: readonly string[],
  manager: HttpManager,
): Promise<void> {
  const exchange = new Exchange(manager.downstream, 'HTTP/2');
  const gone = new AbortController();
  stream.on('error', () => {}).once('close', () => gone.abort(new Error('The client has gone.')));
  try {
    const read = toRequest(raw, await bodyOf(stream));
    const { response } = await answer(read, exchange, manager, gone.signal);
    const method = read.request?.method ?? 'GET';
    exchange.entry.status = response.status;
    exchange.entry.sent = method === 'HEAD' ? 0 : response.body.length;
    // Written first, so that whoever has the answer finds the line.
    manager.log(exchange.end());
    if (!stream.destroyed) send(stream, response);
    // What is under way is finished first.
    if (manager.draining?.() === true) session.close();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    Object.assign(exchange.entry, { flags: ['DC'], details: 'downstream_remote_disconnect' });
    manager.log(exchange.end());
  }
}

/** Waits for the end of a request. Fails when the stream ends before that. */
function bodyOf(stream: ServerHttp2Stream): Promise<Body> {
  const gathered = gather(stream);
  return new Promise((resolve, reject) => {
    const cut = () => reject(new Error('The stream was closed before its end.'));
    stream.once('end', () => (isWell(stream) ? resolve(gathered()) : cut())).once('close', cut);
  });
}

function send(stream: ServerHttp2Stream, { status, headers, body, trailers }: Response): void {
  const endStream = body.length === 0 && trailers === undefined;
  const waitForTrailers = trailers !== undefined;
  stream.respond([':status', String(status), ...toFields(headers)], { endStream, waitForTrailers });
  if (endStream) return;
  if (waitForTrailers) {
    stream.once('wantTrailers', () => stream.sendTrailers({ ...trailers }));
  }
  stream.end(body);
}

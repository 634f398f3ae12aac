import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { type Headers, pairUp } from '../../fixtures/agent/http-message.ts';
import type { VirtualSocket } from '../network/interface.ts';
import type { Answer, HttpChannel } from './channel.ts';
import { type Body, gather, isWell, toFields } from './http2-message.ts';
import type { Request, Response } from './message.ts';
import { type UpstreamConnection, UpstreamFailure } from './upstream.ts';

/** HTTP/2 over one connection to an upstream, many requests at once. */
export class Http2Channel implements HttpChannel {
  readonly socket: VirtualSocket;
  /** How many requests it was used for. */
  requests = 0;
  readonly #session: ClientHttp2Session;
  #active = 0;
  #retired = false;
  /** Whether the upstream has said anything in HTTP/2. */
  #spoken = false;
  #failure: (Error & { code?: string }) | undefined;

  constructor({ socket, stream }: UpstreamConnection) {
    this.socket = socket;
    // The origin matters to no request, because each names its own scheme and authority.
    this.#session = connect('http://upstream', {
      createConnection: () => stream,
      settings: { enablePush: false },
    });
    this.#session
      .on('error', (error) => {
        this.#failure ??= error;
      })
      .once('remoteSettings', () => {
        this.#spoken = true;
      })
      // The peer takes no more requests.
      .on('goaway', () => this.retire())
      .once('close', () => socket.destroy());
    // Node does not notice the end of a stream that is no socket. What came before it is let be told first.
    socket.once('end', () => setImmediate(() => this.#session.destroy()));
  }

  /** Whether another request may go over it, as far as is known here. */
  get usable(): boolean {
    return !this.#retired && !this.#session.closed && !this.#session.destroyed;
  }

  /** Counts a request in that is about to use it. */
  enter(): void {
    this.requests += 1;
    this.#active += 1;
  }

  /** Counts it out again. */
  leave(): void {
    this.#active -= 1;
    if (this.#retired && this.#active === 0) this.#session.close();
  }

  /** Closes it as soon as no request needs it any more. */
  retire(): void {
    this.#retired = true;
    if (this.#active === 0) this.#session.close();
  }

  async send(request: Request, headers: Headers, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const reused = this.requests > 1;
    const stream = this.#begin(request, headers);
    const abort = () => stream.close(constants.NGHTTP2_CANCEL);
    signal.addEventListener('abort', abort, { once: true });
    let head: Headers | undefined;
    stream.once('response', (_headers, _flags, raw: string[]) => {
      head = pairUp(raw);
    });
    const gathered = gather(stream);
    let ended = false;
    stream.once('end', () => {
      ended = true;
    });
    // What came in one piece is told in any order, so that only the close of a stream says that it is whole.
    await new Promise((resolve) => stream.once('close', resolve));
    signal.removeEventListener('abort', abort);
    if (head !== undefined && ended && isWell(stream)) {
      return { response: toResponse(request.method, head, gathered()), persistent: true };
    }
    signal.throwIfAborted();
    throw this.#judge(stream, reused && head === undefined);
  }

  #begin({ method, path, body, trailers }: Request, headers: Headers): ClientHttp2Stream {
    const { host: [authority = ''] = [] } = headers;
    const pseudo = [':method', method, ':scheme', 'http', ':authority', authority, ':path', path];
    const waitForTrailers = trailers !== undefined;
    const endStream = body.length === 0 && !waitForTrailers;
    let stream: ClientHttp2Stream;
    try {
      stream = this.#session.request([...pseudo, ...toFields(headers)], { endStream, waitForTrailers });
    } catch (error) {
      // It may have ended since it was found to be usable; what else is refused is no request of HTTP/2.
      throw new UpstreamFailure(this.usable ? 'protocol error' : 'stale connection', String(error));
    }
    stream.on('error', () => {});
    if (waitForTrailers) stream.once('wantTrailers', () => stream.sendTrailers(trailers));
    if (!endStream) stream.end(body);
    return stream;
  }

  #judge({ rstCode }: ClientHttp2Stream, untouched: boolean): UpstreamFailure {
    if (this.#failure?.code === 'ERR_HTTP2_ERROR' && !this.#spoken)
      return new UpstreamFailure('protocol error');
    const { closed, destroyed } = this.#session;
    if (closed || destroyed) {
      return new UpstreamFailure(untouched ? 'stale connection' : 'connection termination');
    }
    return new UpstreamFailure(
      rstCode === constants.NGHTTP2_REFUSED_STREAM ? 'remote refused stream reset' : 'remote reset',
    );
  }
}

function toResponse(
  method: string,
  { ':status': [status] = [''], ...headers }: Headers,
  { body, trailers }: Body,
): Response {
  const code = Number(status);
  const bodiless = method === 'HEAD' || code === 204 || code === 304;
  return {
    status: code,
    headers,
    body,
    form: bodiless ? 'none' : headers['content-length'] === undefined ? 'chunked' : 'length',
    ...(trailers && { trailers }),
  };
}

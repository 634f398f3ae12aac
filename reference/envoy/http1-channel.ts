import type { Duplex } from 'node:stream';
import { Failure } from '../../fixtures/agent/failure.ts';
import type { Headers } from '../../fixtures/agent/http-message.ts';
import { Incoming } from '../../fixtures/agent/incoming.ts';
import type { VirtualSocket } from '../network/interface.ts';
import type { Answer, HttpChannel } from './channel.ts';
import { composeRequest } from './http1-writer.ts';
import type { Request } from './message.ts';
import { readResponse } from './response-reader.ts';
import { type UpstreamConnection, UpstreamFailure } from './upstream.ts';

/** HTTP/1.1 over one connection to an upstream, one request after the other. */
export class Http1Channel implements HttpChannel {
  readonly socket: VirtualSocket;
  readonly stream: Duplex;
  /** How many requests it was used for. */
  requests = 0;
  /** Whether it left HTTP. */
  upgraded = false;
  readonly #incoming: Incoming;

  constructor({ socket, stream }: UpstreamConnection) {
    this.socket = socket;
    this.stream = stream;
    this.#incoming = new Incoming(stream);
  }

  /** Whether another request may go over it, as far as is known here. */
  get usable(): boolean {
    return !this.#incoming.over && this.#incoming.unread === 0 && !this.stream.destroyed;
  }

  async send(request: Request, headers: Headers, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const before = this.#incoming.received;
    const reused = this.requests > 0;
    this.requests += 1;
    const abort = () => this.close();
    signal.addEventListener('abort', abort, { once: true });
    try {
      this.stream.write(composeRequest(request, headers));
      const { response, persistent } = await readResponse(this.#incoming, request.method);
      if (response.status !== 101) return { response, persistent };
      this.#incoming.release();
      this.upgraded = true;
      return { response: { ...response, upgraded: this.stream }, persistent };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Failure && error.code === 'EMALFORMED')
        throw new UpstreamFailure('protocol error');
      const stale = reused && this.#incoming.received === before;
      throw new UpstreamFailure(stale ? 'stale connection' : 'connection termination');
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  close(): void {
    this.stream.destroy();
    this.socket.destroy();
  }
}

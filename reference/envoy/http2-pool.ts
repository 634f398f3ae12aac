import type { HttpPool, PoolOptions } from './channel.ts';
import { Http2Channel } from './http2-channel.ts';
import { Pending } from './pending.ts';
import { UpstreamFailure } from './upstream.ts';

/**
 * A pool for HTTP/2: one connection carries every request, and another is opened when it may carry no more. Requests
 * wait for an attempt to connect together, and all of them are told when it fails.
 */
export class Http2Pool implements HttpPool {
  options: PoolOptions;
  #current: Http2Channel | undefined;
  readonly #pending = new Pending<Http2Channel>();
  #connecting = false;
  #draining = false;

  constructor(options: PoolOptions) {
    this.options = options;
  }

  async acquire(signal: AbortSignal): Promise<Http2Channel> {
    signal.throwIfAborted();
    const current = this.#current;
    if (current?.usable) return this.#take(current);
    this.#current = undefined;
    const acquired = this.#pending.add(signal);
    if (!this.#connecting) void this.#connect();
    return acquired;
  }

  release(channel: Http2Channel): void {
    channel.leave();
  }

  drain(): void {
    this.#draining = true;
    this.#current?.retire();
    this.#current = undefined;
  }

  close(): void {
    this.drain();
    this.#pending.rejectAll(new UpstreamFailure('connection termination'));
  }

  /** Counts a request in. The last that a connection may carry lets it end after that. */
  #take(channel: Http2Channel): Http2Channel {
    channel.enter();
    if (channel.requests !== this.options.maxRequests) return channel;
    channel.retire();
    this.#current = undefined;
    return channel;
  }

  async #connect(): Promise<void> {
    this.#connecting = true;
    try {
      while (this.#pending.length > 0) this.#serve(new Http2Channel(await this.options.dial()));
    } catch (error) {
      this.#pending.rejectAll(error as Error);
    } finally {
      this.#connecting = false;
    }
  }

  #serve(channel: Http2Channel): void {
    this.#current = channel;
    while (this.#current === channel && this.#pending.length > 0) {
      this.#pending.resolveFirst(this.#take(channel));
    }
    if (this.#draining) this.drain();
  }
}

import type { HttpPool, PoolOptions } from './channel.ts';
import { Http1Channel } from './http1-channel.ts';
import { Pending } from './pending.ts';
import { UpstreamFailure } from './upstream.ts';

/**
 * A pool for HTTP/1.1: each connection carries one request at a time.
 *
 * A request that finds none idle waits for whichever is free first, a new one or an old one. When an attempt to
 * connect fails, every request that waits is told, as Envoy does (envoy `source/common/conn_pool/conn_pool_base.cc`,
 * `onConnectionEvent`): so parallel requests that had to wait may fail sooner than by their own attempts.
 */
export class Http1Pool implements HttpPool {
  options: PoolOptions;
  readonly #idle: Http1Channel[] = [];
  readonly #pending = new Pending<Http1Channel>();
  #connecting = 0;
  #draining = false;

  constructor(options: PoolOptions) {
    this.options = options;
  }

  /** How many connections wait for a request. */
  get idle(): number {
    return this.#idle.filter(({ usable }) => usable).length;
  }

  async acquire(signal: AbortSignal): Promise<Http1Channel> {
    signal.throwIfAborted();
    for (let next = this.#idle.shift(); next !== undefined; next = this.#idle.shift()) {
      if (next.usable) return next;
      next.close();
    }
    const acquired = this.#pending.add(signal);
    this.#connectAsNeeded();
    return acquired;
  }

  release(channel: Http1Channel, persistent: boolean): void {
    // One that left HTTP belongs to a client now.
    if (channel.upgraded) return;
    if (persistent && channel.requests !== this.options.maxRequests && channel.usable) this.#offer(channel);
    else channel.close();
    this.#connectAsNeeded();
  }

  drain(): void {
    this.#draining = true;
    for (const channel of this.#idle.splice(0)) channel.close();
  }

  close(): void {
    this.drain();
    this.#pending.rejectAll(new UpstreamFailure('connection termination'));
  }

  #offer(channel: Http1Channel): void {
    if (this.#pending.resolveFirst(channel)) return;
    if (this.#draining) channel.close();
    else this.#idle.push(channel);
  }

  // An attempt under way counts for one that waits, whoever began it.
  #connectAsNeeded(): void {
    while (this.#connecting < this.#pending.length) void this.#connect();
  }

  async #connect(): Promise<void> {
    this.#connecting += 1;
    try {
      const channel = new Http1Channel(await this.options.dial());
      this.#connecting -= 1;
      const forget = () => this.#forget(channel);
      channel.stream.once('end', forget).once('close', forget);
      this.#offer(channel);
    } catch (error) {
      this.#connecting -= 1;
      this.#pending.rejectAll(error as Error);
    }
  }

  #forget(channel: Http1Channel): void {
    const at = this.#idle.indexOf(channel);
    if (at >= 0) this.#idle.splice(at, 1)[0]?.close();
  }
}

import { PooledConnection, type UpstreamConnection, UpstreamFailure } from './upstream.ts';

/** A request that waits for a connection. */
interface Pending {
  resolve: (connection: PooledConnection) => void;
  reject: (error: Error) => void;
}

/**
 * The connections of one worker to one host of one cluster, for HTTP/1.1: each carries one request at a time.
 *
 * A request that finds none idle waits for whichever is free first, a new one or an old one. When an attempt to
 * connect fails, every request that waits is told, as Envoy does (envoy `source/common/conn_pool/conn_pool_base.cc`,
 * `onConnectionEvent`): so parallel requests that had to wait may fail sooner than by their own attempts.
 */
export class HostPool {
  /** Opens a connection to the host. */
  dial: () => Promise<UpstreamConnection>;
  readonly #idle: PooledConnection[] = [];
  readonly #pending: Pending[] = [];
  #connecting = 0;
  #draining = false;

  constructor(dial: () => Promise<UpstreamConnection>) {
    this.dial = dial;
  }

  /** How many connections wait for a request. */
  get idle(): number {
    return this.#idle.filter(({ usable }) => usable).length;
  }

  /**
   * A connection for one request; it is to be given back.
   *
   * @throws UpstreamFailure when an attempt to connect failed meanwhile; the signal's reason when that was aborted.
   */
  async acquire(signal: AbortSignal): Promise<PooledConnection> {
    signal.throwIfAborted();
    for (let next = this.#idle.shift(); next !== undefined; next = this.#idle.shift()) {
      if (next.usable) return next;
      next.close();
    }
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#pending.splice(this.#pending.indexOf(pending), 1);
        reject(signal.reason as Error);
      };
      const settled = () => signal.removeEventListener('abort', abort);
      const pending: Pending = {
        resolve: (connection) => {
          settled();
          resolve(connection);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#pending.push(pending);
      this.#connectAsNeeded();
    });
  }

  /** Takes a connection back; it is closed unless it may carry another request. */
  release(connection: PooledConnection, reusable: boolean): void {
    if (reusable && connection.usable) this.#offer(connection);
    else connection.close();
    this.#connectAsNeeded();
  }

  /** Closes what is idle, and every other connection once no request needs it. */
  drain(): void {
    this.#draining = true;
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  /** Gives up at once, requests that wait included. */
  close(): void {
    this.drain();
    for (const { reject } of this.#pending.splice(0)) reject(new UpstreamFailure('connection termination'));
  }

  #offer(connection: PooledConnection): void {
    const waiting = this.#pending.shift();
    if (waiting !== undefined) waiting.resolve(connection);
    else if (this.#draining) connection.close();
    else this.#idle.push(connection);
  }

  // An attempt under way counts for one that waits, whoever began it.
  #connectAsNeeded(): void {
    while (this.#connecting < this.#pending.length) void this.#connect();
  }

  async #connect(): Promise<void> {
    this.#connecting += 1;
    try {
      const connection = new PooledConnection(await this.dial());
      this.#connecting -= 1;
      const forget = () => this.#forget(connection);
      connection.stream.once('end', forget).once('close', forget);
      this.#offer(connection);
    } catch (error) {
      this.#connecting -= 1;
      for (const { reject } of this.#pending.splice(0)) reject(error as Error);
    }
  }

  #forget(connection: PooledConnection): void {
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1)[0]?.close();
  }
}

import type { Duplex } from 'node:stream';
import type { Asking } from '../istio/envoy-filter.ts';
import type { Envoy } from './envoy.ts';

/** What istiod had said of a port when a connection to it was made. */
export interface ListenerConfig {
  mode: string;
  requests: Asking;
  connections: Asking;
  protocol: string;
}

/** An established connection. */
export interface Established {
  /** Whether the client was told to open a new one. */
  readonly draining: boolean;
}

interface Entry {
  draining: boolean;
  stream: Duplex;
  port: number;
  config: ListenerConfig;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Keeps track of established connections. When their listener's configuration changes, Envoy makes a new listener and
 * drains the old one: its connections keep the filters they were made with, until they are closed.
 */
export class Listener {
  readonly #proxy: Envoy;
  readonly #connections = new Set<Entry>();

  constructor(proxy: Envoy) {
    this.#proxy = proxy;
    const stop = proxy.dependencies.watch(() => this.#review());
    proxy.context.signal.addEventListener('abort', stop, { once: true });
  }

  add(stream: Duplex, port: number, config: ListenerConfig): Established {
    const entry: Entry = { draining: false, stream, port, config, timer: undefined };
    if (stream.destroyed) return entry;
    this.#connections.add(entry);
    stream.once('close', () => {
      clearTimeout(entry.timer);
      this.#connections.delete(entry);
    });
    return entry;
  }

  #review(): void {
    for (const entry of this.#connections) {
      if (entry.timer === undefined && this.#isOutdated(entry)) this.#drain(entry);
    }
  }

  #isOutdated({ port, config }: Entry): boolean {
    const { istiod } = this.#proxy.dependencies;
    const { pod } = this.#proxy.context;
    return (
      istiod.asksDikastes(pod, 'requests') !== config.requests ||
      istiod.asksDikastes(pod, 'connections') !== config.connections ||
      istiod.inboundMode(pod, port) !== config.mode ||
      istiod.protocolOf(pod, port) !== config.protocol
    );
  }

  // Envoy asks clients to go with growing probability; here they are asked once half of the time is over.
  #drain(entry: Entry): void {
    const half = this.#proxy.rules.drainTime(this.#proxy.timeScale) / 2;
    entry.timer = setTimeout(() => {
      entry.draining = true;
      entry.timer = setTimeout(() => entry.stream.destroy(), half);
    }, half);
  }
}

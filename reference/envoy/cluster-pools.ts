import type { UpstreamEndpoint } from '../istio/route.ts';
import type { HttpPool, PoolOptions } from './channel.ts';
import { Http1Pool } from './http1-pool.ts';
import { Http2Pool } from './http2-pool.ts';
import type { HttpVersion } from './message.ts';

/** The pools of one worker to the hosts of one cluster, and whose turn it is. */
export class ClusterPools {
  readonly #hosts = new Map<string, Map<HttpVersion, HttpPool>>();
  #turn = 0;

  /** The next host in turn, one that was not tried yet if there is any; undefined when there is no host at all. */
  next(endpoints: readonly UpstreamEndpoint[], tried: ReadonlySet<string>): UpstreamEndpoint | undefined {
    const fresh = endpoints.filter((endpoint) => !tried.has(nameOf(endpoint)));
    const candidates = fresh.length > 0 ? fresh : endpoints;
    const chosen = candidates[this.#turn % Math.max(candidates.length, 1)];
    this.#turn += 1;
    return chosen;
  }

  /** The pool of a host for one version of HTTP, made when it is first asked for. */
  host(endpoint: UpstreamEndpoint, version: HttpVersion, options: PoolOptions): HttpPool {
    const name = nameOf(endpoint);
    const pools = this.#hosts.get(name) ?? new Map<HttpVersion, HttpPool>();
    this.#hosts.set(name, pools);
    const pool = pools.get(version) ?? new (version === 'HTTP/2' ? Http2Pool : Http1Pool)(options);
    pools.set(version, pool);
    // A time-out may have been changed since.
    pool.options = options;
    return pool;
  }

  /** Closes the idle connections to hosts that are none of the cluster's any more. */
  retain(endpoints: readonly UpstreamEndpoint[]): void {
    const current = new Set(endpoints.map(nameOf));
    for (const [name, pools] of this.#hosts) {
      if (current.has(name)) continue;
      this.#hosts.delete(name);
      for (const pool of pools.values()) pool.drain();
    }
  }

  /** `address:port` of those that were sent to. */
  get hosts(): string[] {
    return [...this.#hosts.keys()].map((name) => name.split(' ', 1)[0] ?? '');
  }

  close(): void {
    for (const pools of this.#hosts.values()) for (const pool of pools.values()) pool.close();
    this.#hosts.clear();
  }
}

/** What tells one host from another; how it is spoken to counts, as its connections can't be shared. */
export function nameOf({ address, port, tls }: UpstreamEndpoint): string {
  return `${address}:${port} ${tls}`;
}

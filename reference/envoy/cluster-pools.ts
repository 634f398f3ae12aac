import type { UpstreamEndpoint } from '../istio/route.ts';
import { HostPool } from './host-pool.ts';
import type { UpstreamConnection } from './upstream.ts';

/** The pools of one worker to the hosts of one cluster, and whose turn it is. */
export class ClusterPools {
  readonly #hosts = new Map<string, HostPool>();
  #turn = 0;

  /** The next host in turn, one that was not tried yet if there is any; undefined when there is no host at all. */
  next(endpoints: readonly UpstreamEndpoint[], tried: ReadonlySet<string>): UpstreamEndpoint | undefined {
    const fresh = endpoints.filter((endpoint) => !tried.has(nameOf(endpoint)));
    const candidates = fresh.length > 0 ? fresh : endpoints;
    const chosen = candidates[this.#turn % Math.max(candidates.length, 1)];
    this.#turn += 1;
    return chosen;
  }

  /** The pool of a host, made when it is first asked for. */
  host(endpoint: UpstreamEndpoint, dial: () => Promise<UpstreamConnection>): HostPool {
    const name = nameOf(endpoint);
    const pool = this.#hosts.get(name) ?? new HostPool(dial);
    // A time-out may have been changed since.
    pool.dial = dial;
    this.#hosts.set(name, pool);
    return pool;
  }

  /** Closes the idle connections to hosts that are none of the cluster's any more. */
  retain(endpoints: readonly UpstreamEndpoint[]): void {
    const current = new Set(endpoints.map(nameOf));
    for (const [name, pool] of this.#hosts) {
      if (current.has(name)) continue;
      this.#hosts.delete(name);
      pool.drain();
    }
  }

  close(): void {
    for (const pool of this.#hosts.values()) pool.close();
    this.#hosts.clear();
  }
}

/** What tells one host from another; how it is spoken to counts, as its connections can't be shared. */
export function nameOf({ address, port, tls }: UpstreamEndpoint): string {
  return `${address}:${port} ${tls}`;
}

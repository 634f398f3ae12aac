import type { Duplex } from 'node:stream';
import type { UpstreamEndpoint } from '../istio/route.ts';
import { type Identity, spiffeId } from '../network/certificates.ts';
import type { VirtualSocket } from '../network/interface.ts';
import { secureClient } from '../network/secure.ts';
import type { EnvoyRules } from '../rules/envoy.ts';
import type { ContainerContext } from '../workloads/program.ts';
import { accessLogLine, type LogEntry } from './access-log.ts';
import { ClusterPools } from './cluster-pools.ts';
import { raisedBy } from './counters.ts';
import type { EnvoyDependencies } from './dependencies.ts';
import { dial, type UpstreamConnection } from './upstream.ts';

/** Istio's own default, for clusters that no DestinationRule speaks of, in unscaled milliseconds. */
export const defaultConnectTimeoutMs = 10_000;

/** One running Envoy: what its listeners share. */
export class Envoy {
  readonly context: ContainerContext;
  readonly dependencies: EnvoyDependencies;
  readonly identity: Identity;
  /** The SPIFFE URI in its certificate. */
  readonly uri: string;
  /** `namespace/name`. */
  readonly pod: string;
  readonly #pools = new Map<string, { cluster: string; pools: ClusterPools }>();
  readonly #streams = new Set<Duplex>();
  #turn = 0;

  private constructor(context: ContainerContext, dependencies: EnvoyDependencies, identity: Identity) {
    this.context = context;
    this.dependencies = dependencies;
    this.identity = identity;
    this.uri = uriOf(context);
    this.pod = `${context.pod.metadata.namespace}/${context.pod.metadata.name}`;
    context.signal.addEventListener('abort', () => this.#close(), { once: true });
  }

  /** Gets a certificate for the pod's service account. */
  static async start(context: ContainerContext, dependencies: EnvoyDependencies): Promise<Envoy> {
    return new Envoy(context, dependencies, await dependencies.identities.issue(uriOf(context)));
  }

  get rules(): EnvoyRules {
    return this.dependencies.rules;
  }

  get timeScale(): number {
    return this.dependencies.timeScale;
  }

  /** The clusters that were sent to, each with its hosts, whichever worker did. */
  get clusters(): { cluster: string; hosts: string[] }[] {
    const clusters = new Map<string, Set<string>>();
    for (const { cluster, pools } of this.#pools.values()) {
      clusters.set(cluster, new Set([...(clusters.get(cluster) ?? []), ...pools.hosts]));
    }
    return [...clusters].map(([cluster, hosts]) => ({ cluster, hosts: [...hosts].sort() }));
  }

  /** What has been counted since it started, by Envoy's names. */
  readonly counters = new Map<string, number>();

  /** The worker that a new connection belongs to; they take turns. */
  nextWorker(): number {
    const worker = this.#turn % (this.dependencies.workers ?? 2);
    this.#turn += 1;
    return worker;
  }

  /** The upstream connections that a worker may use for a cluster. */
  poolsOf(worker: number, cluster: string): ClusterPools {
    const key = this.rules.poolOf(worker, cluster);
    const known = this.#pools.get(key) ?? { cluster, pools: new ClusterPools() };
    this.#pools.set(key, known);
    return known.pools;
  }

  /** Connects to an endpoint of a cluster, past any sidecar of its own. */
  async connect(
    endpoint: UpstreamEndpoint,
    { cluster, connectTimeoutMs, alpn }: { cluster: string; connectTimeoutMs: number; alpn: string[] },
  ): Promise<UpstreamConnection> {
    const { address: host, port, tls } = endpoint;
    const socket = this.context.network.connect({ host, port }, { direct: true });
    const secure = (plain: VirtualSocket) =>
      secureClient(plain, { identity: this.identity, alpn, servername: servernameOf(cluster) });
    return this.stand(socket, connectTimeoutMs, tls === 'mutual' ? secure : undefined);
  }

  /** Waits for a connection, and closes it with the proxy. */
  async stand(
    socket: VirtualSocket,
    connectTimeoutMs: number,
    secure?: (socket: VirtualSocket) => Promise<Duplex>,
  ): Promise<UpstreamConnection> {
    this.own(socket);
    // A handshake costs real work, so its time is not scaled.
    return dial(socket, {
      connectMs: this.rules.connectTimeout(connectTimeoutMs, this.timeScale),
      handshakeMs: connectTimeoutMs,
      ...(secure && { secure }),
    });
  }

  /** Counts a connection as the proxy's, to be torn down when it stops. */
  own(stream: Duplex): void {
    this.#streams.add(stream);
    stream.on('error', () => {}).once('close', () => this.#streams.delete(stream));
  }

  readonly log = (entry: LogEntry): void => {
    for (const name of raisedBy(entry)) this.counters.set(name, (this.counters.get(name) ?? 0) + 1);
    const { istiod } = this.dependencies;
    if (istiod.logsAccess(this.context.pod)) this.context.log(accessLogLine(entry));
  };

  #close(): void {
    for (const { pools } of this.#pools.values()) pools.close();
    for (const stream of this.#streams) stream.destroy();
  }
}

function uriOf({ pod }: ContainerContext): string {
  const { serviceAccountName = 'default' } = (pod.spec ?? {}) as { serviceAccountName?: string };
  return spiffeId(pod.metadata.namespace ?? 'default', serviceAccountName);
}

/** `outbound|80||host` as the name that clients ask for: `outbound_.80_._.host`. */
function servernameOf(cluster: string): string {
  const [direction = '', port = '', subset = '', host = ''] = cluster.split('|');
  return `${direction}_.${port}_.${subset}_.${host}`;
}

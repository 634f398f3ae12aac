import type { VirtualSocket } from '../network/interface.ts';
import { serveHttp } from './connection-manager.ts';
import { defaultConnectTimeoutMs, type Envoy } from './envoy.ts';
import { downstreamOf, Exchange } from './exchange.ts';
import { firstBytes } from './first-bytes.ts';
import type { Request, Response } from './message.ts';
import { answerByRoute } from './routed.ts';
import { proxyTcp } from './tcp-proxy.ts';
import { type UpstreamConnection, UpstreamFailure } from './upstream.ts';

interface Destination {
  address: string;
  port: number;
}

/** The outbound listener of a sidecar: whatever the pod's containers connect to. */
export class Outbound {
  readonly #proxy: Envoy;

  constructor(proxy: Envoy) {
    this.#proxy = proxy;
  }

  /** Takes a connection, with where it was for. Never fails. */
  accept(socket: VirtualSocket, destination: Destination): void {
    this.#proxy.own(socket);
    void this.#serve(socket, destination).catch(() => socket.destroy());
  }

  async #serve(socket: VirtualSocket, destination: Destination): Promise<void> {
    const { rules, dependencies } = this.#proxy;
    const worker = this.#proxy.nextWorker();
    const protocol = dependencies.istiod.outboundProtocol(destination);
    const plaintext = protocol === 'auto' ? await firstBytes(socket, rules.detectionTimeout()) : undefined;
    if (!rules.speaksHttp(protocol, { plaintext })) return this.#carry(socket, destination);
    await serveHttp(socket, {
      rules,
      side: 'outbound',
      downstream: downstreamOf(socket),
      log: this.#proxy.log,
      handle: (request, exchange, signal) => this.#answer(request, exchange, signal, worker, destination),
    });
  }

  #answer(
    request: Request,
    exchange: Exchange,
    signal: AbortSignal,
    worker: number,
    destination: Destination,
  ): Promise<Response> {
    const { dependencies, context } = this.#proxy;
    const { method, path, headers, authority = '' } = request;
    const route = dependencies.istiod.routeFromSidecar(context.pod, destination, {
      authority,
      method,
      path,
      headers,
    });
    exchange.entry.route = route.kind === 'passthrough' ? 'allow_any' : 'default';
    return answerByRoute(this.#proxy, route, {
      request,
      exchange,
      signal,
      worker,
      side: 'outbound',
      destination,
    });
  }

  /** A connection that is no HTTP goes to one endpoint, or to where it was for. */
  async #carry(socket: VirtualSocket, destination: Destination): Promise<void> {
    const { dependencies, context, rules } = this.#proxy;
    const exchange = new Exchange(downstreamOf(socket));
    const { entry } = exchange;
    const route = dependencies.istiod.routeFromSidecar(context.pod, destination, undefined);
    const toCluster = route.kind === 'cluster' ? route : undefined;
    const cluster = toCluster?.cluster ?? 'PassthroughCluster';
    const endpoint =
      toCluster === undefined
        ? ({ ...destination, tls: 'plaintext' } as const)
        : this.#proxy.poolsOf(0, cluster).next(toCluster.endpoints, new Set());
    entry.upstreamCluster = cluster;
    entry.upstreamHost = endpoint;
    if (endpoint === undefined) {
      Object.assign(entry, { flags: ['UH'] });
      socket.destroy();
      this.#proxy.log(exchange.end());
      return;
    }
    const options = {
      cluster,
      connectTimeoutMs: toCluster?.connectTimeoutMs ?? defaultConnectTimeoutMs,
      alpn: ['istio'],
    };
    await proxyTcp(socket, {
      rules,
      exchange,
      connect: () => attempt(toCluster?.attempts ?? 1, () => this.#proxy.connect(endpoint, options)),
      abandon: () => socket.reset(),
    });
    this.#proxy.log(exchange.end());
  }
}

/** Connects, and again after an attempt that failed, so many times at most. */
async function attempt(
  times: number,
  connect: () => Promise<UpstreamConnection>,
): Promise<UpstreamConnection> {
  try {
    return await connect();
  } catch (error) {
    if (times <= 1 || !(error instanceof UpstreamFailure)) throw error;
    return attempt(times - 1, connect);
  }
}

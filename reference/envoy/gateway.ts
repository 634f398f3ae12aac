import type { VirtualSocket } from '../network/interface.ts';
import { serveHttp } from './connection-manager.ts';
import type { Envoy } from './envoy.ts';
import { downstreamOf } from './exchange.ts';
import { answerByRoute } from './routed.ts';
import { serveStatus } from './status.ts';

/** Envoy's own port for health checks, as Istio sets it up. */
const healthPort = 15021;

/** The listeners of an ingress gateway: one for each port that a Gateway asks for. */
export class IngressGateway {
  readonly #proxy: Envoy;
  /** By the port listened on. */
  readonly #listening = new Map<number, { serverPort: number; stop: () => void }>();

  constructor(proxy: Envoy) {
    this.#proxy = proxy;
    const { network, signal } = proxy.context;
    const stopHealth = network.listen(healthPort, (socket) => {
      proxy.own(socket);
      void serveStatus(socket, proxy);
    });
    const stopWatching = proxy.dependencies.watch(() => this.#follow());
    this.#follow();
    signal.addEventListener('abort', () => {
      stopWatching();
      stopHealth();
      for (const { stop } of this.#listening.values()) stop();
    });
  }

  /** Listens on the ports that are asked for now, and on no others. */
  #follow(): void {
    const { dependencies, context } = this.#proxy;
    const wanted = new Map(
      dependencies.istiod.gatewayPorts(context.pod).map(({ port, serverPort }) => [port, serverPort]),
    );
    for (const [port, { serverPort, stop }] of this.#listening) {
      if (wanted.get(port) === serverPort) continue;
      stop();
      this.#listening.delete(port);
    }
    for (const [port, serverPort] of wanted) {
      if (this.#listening.has(port)) continue;
      const stop = context.network.listen(port, (socket) => this.#accept(socket, serverPort));
      this.#listening.set(port, { serverPort, stop });
    }
  }

  #accept(socket: VirtualSocket, serverPort: number): void {
    this.#proxy.own(socket);
    const { dependencies, context } = this.#proxy;
    const worker = this.#proxy.nextWorker();
    void serveHttp(socket, {
      rules: this.#proxy.rules,
      side: 'gateway',
      downstream: downstreamOf(socket),
      log: this.#proxy.log,
      handle: (request, exchange, signal) => {
        const { method, path, headers, authority = '' } = request;
        const asked = { authority, method, path, headers };
        const route = dependencies.istiod.routeAtGateway(context.pod, serverPort, asked);
        return answerByRoute(this.#proxy, route, { request, exchange, signal, worker, side: 'gateway' });
      },
    });
  }
}

import type { Duplex } from 'node:stream';
import type { Asking } from '../istio/envoy-filter.ts';
import type { MutualTlsMode } from '../istio/peer-authentication.ts';
import type { PortProtocol } from '../istio/ports.ts';
import { peekClientHello } from '../network/client-hello.ts';
import type { VirtualSocket } from '../network/interface.ts';
import { acceptSecure } from '../network/secure.ts';
import { ask, checkRequest } from './authorization.ts';
import { serveHttp } from './connection-manager.ts';
import { defaultConnectTimeoutMs, type Envoy } from './envoy.ts';
import { type Downstream, downstreamOf, Exchange } from './exchange.ts';
import { firstBytes } from './first-bytes.ts';
import { serveInboundRequest } from './inbound-http.ts';
import { Listener } from './listener.ts';
import { serveStatus } from './status.ts';
import { proxyTcp } from './tcp-proxy.ts';

/** What can be agreed on in the handshake; the protocols of Istio's own only choose the filter chain. */
const spoken = ['h2', 'http/1.1'];

/** A connection that was let in, and who it is from. */
export interface Admitted {
  stream: Duplex;
  socket: VirtualSocket;
  port: number;
  /** What the port is said to speak. */
  protocol: PortProtocol;
  worker: number;
  downstream: Downstream;
  /** The client's certificate; absent for plaintext. */
  peer?: { uri: string; hash: string };
  /** What the client offered to speak over it. */
  alpn?: readonly string[];
  /** What of that was agreed on. */
  agreed?: string | undefined;
}

/** The inbound listener of a sidecar, for every port of its pod. */
export class Inbound {
  readonly #proxy: Envoy;
  readonly #listener: Listener;

  constructor(proxy: Envoy) {
    this.#proxy = proxy;
    this.#listener = new Listener(proxy);
  }

  /** Takes a connection to a port. Never fails. */
  accept(socket: VirtualSocket, port: number): void {
    this.#proxy.own(socket);
    if (this.#proxy.rules.bypassesSidecar(port)) void serveStatus(socket, this.#proxy);
    else void this.#serve(socket, port).catch(() => socket.destroy());
  }

  async #serve(socket: VirtualSocket, port: number): Promise<void> {
    const { istiod } = this.#proxy.dependencies;
    // What a connection was made with stays with it, whatever istiod says later; see `Listener`.
    const config = {
      mode: istiod.inboundMode(this.#proxy.context.pod, port),
      requests: istiod.asksDikastes(this.#proxy.context.pod, 'requests'),
      connections: istiod.asksDikastes(this.#proxy.context.pod, 'connections'),
      protocol: istiod.protocolOf(this.#proxy.context.pod, port),
    };
    const admitted = await this.#admit(socket, port, config);
    if (admitted === undefined) return;
    const { stream, alpn } = admitted;
    const looks = config.protocol === 'auto' && alpn === undefined;
    const plaintext = looks ? await firstBytes(stream, this.#proxy.rules.detectionTimeout()) : undefined;
    if (!this.#proxy.rules.speaksHttp(config.protocol, { alpn, plaintext })) {
      return this.#carry(admitted, config.connections);
    }
    const connection = this.#listener.add(stream, port, config);
    await serveHttp(stream, {
      rules: this.#proxy.rules,
      side: 'inbound',
      downstream: admitted.downstream,
      agreed: admitted.agreed,
      draining: () => connection.draining,
      log: this.#proxy.log,
      handle: (request, exchange, signal) =>
        serveInboundRequest(this.#proxy, admitted, config.requests, { request, exchange, signal }),
    });
  }

  /** Finds the filter chain; undefined when there is none, or the client is refused in the handshake. */
  async #admit(
    socket: VirtualSocket,
    port: number,
    { mode, protocol }: { mode: MutualTlsMode; protocol: PortProtocol },
  ): Promise<Admitted | undefined> {
    const { rules, identity } = this.#proxy;
    const worker = this.#proxy.nextWorker();
    const plain = (): Admitted => ({
      stream: socket,
      socket,
      port,
      protocol,
      worker,
      downstream: downstreamOf(socket),
    });
    // A listener without any secure chain has no need to look.
    if (rules.tlsUnder(mode, []) === 'passed on') return plain();
    const opening = await peekClientHello(socket, this.#proxy.rules.detectionTimeout());
    if (opening.kind === 'ended') {
      socket.destroy();
      return undefined;
    }
    if (opening.kind !== 'tls') {
      return rules.plaintextUnder(mode) === 'served' ? plain() : this.#unmatched(socket);
    }
    const fate = rules.tlsUnder(mode, opening.alpn);
    if (fate === 'passed on') return plain();
    if (fate === 'reset') return this.#unmatched(socket, opening.servername);
    const { judgePeer } = this.#proxy.dependencies;
    const { trust } = identity;
    const secured = await acceptSecure(socket, { identity, trust, judgePeer, alpn: spoken });
    secured.stream.on('error', () => {});
    return {
      ...plain(),
      stream: secured.stream,
      downstream: downstreamOf(socket, opening.servername),
      peer: { uri: secured.principal, hash: secured.hash },
      alpn: opening.alpn,
      agreed: secured.alpn,
    };
  }

  /** Resets a connection that no filter chain is for. */
  #unmatched(socket: VirtualSocket, servername?: string): undefined {
    const exchange = new Exchange(downstreamOf(socket, servername));
    Object.assign(exchange.entry, { flags: ['NR'], details: 'filter_chain_not_found' });
    this.#proxy.log(exchange.end());
    socket.reset();
  }

  /** A connection that is no HTTP: Dikastes is asked once, about the connection as a whole. */
  async #carry({ stream, socket, port, downstream, peer }: Admitted, asking: Asking): Promise<void> {
    const { rules, context } = this.#proxy;
    const exchange = new Exchange(downstream);
    const destination = { address: context.network.address, port };
    exchange.entry.upstreamCluster = `inbound|${port}||`;
    exchange.entry.upstreamHost = destination;
    const deny = () =>
      rules.tcpDenied(ask(this.#proxy, checkRequest(destination, socket, peer?.uri ?? ''), asking));
    await proxyTcp(stream, {
      rules,
      exchange,
      connect: () => this.#proxy.stand(context.network.connectLocal(port), defaultConnectTimeoutMs),
      deny: asking === 'no' ? undefined : deny,
      abandon: () => stream.destroy(),
    });
    this.#proxy.log(exchange.end());
  }
}

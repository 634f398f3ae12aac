import { isIP } from 'node:net';
import type { NetworkControl, NetworkInterface, Owner, Target, VirtualSocket } from './interface.ts';
import { networkError } from './network-error.ts';
import { Place } from './place.ts';
import { type Endpoint, PairedSocket } from './socket.ts';

/** Where the inbound sidecar connects from, so that its connections are not captured again. */
const inboundSidecarAddress = '127.0.0.6';

type Accept = (socket: VirtualSocket) => void;

/** The network of one cluster: every pod and node has an interface, and connections between them are streams. */
export class VirtualNetwork {
  readonly #control: NetworkControl;
  readonly #places = new Map<string, Place>();

  constructor(control: NetworkControl) {
    this.#control = control;
  }

  /** Gives an address to a pod or a node. Throws when it is taken. */
  attach(address: string, owner: Owner): NetworkInterface {
    if (this.#places.has(address)) throw new Error(`The address ${address} is taken.`);
    const place = new Place(address, owner, {
      dial: (from, target, direct) => this.#dial(from, target, direct),
      dialLocal: (from, port) => this.#dialLocal(from, port),
    });
    this.#places.set(address, place);
    return place;
  }

  /** Takes an address away; its connections are reset, and what is sent to it from now on is lost. */
  detach(address: string): void {
    const place = this.#places.get(address);
    this.#places.delete(address);
    place?.close();
  }

  #dial(from: Place, target: Target, direct: boolean): VirtualSocket {
    return begin(from, (socket) => {
      const address = this.#addressOf(target.host, from);
      if (address === undefined) {
        socket.destroy(networkError('getaddrinfo', 'ENOTFOUND', { hostname: target.host }));
        return;
      }
      this.#reach(from, socket, { address, port: target.port }, direct);
    });
  }

  #dialLocal(from: Place, port: number): VirtualSocket {
    return begin(from, (socket) => {
      const destination = { address: from.address, port };
      const accept = from.listenerOf(port, 'address');
      join(socket, from, inboundSidecarAddress, destination, from, destination, accept);
    });
  }

  #addressOf(host: string, from: Place): string | undefined {
    if (isIP(host) !== 0) return host;
    if (host === 'localhost') return '127.0.0.1';
    return this.#control.resolve(host, from.owner.pod?.split('/')[0]);
  }

  #reach(from: Place, socket: PairedSocket, destination: Endpoint, direct: boolean): void {
    // Istio's rules leave what stays on the loopback device alone, unless it is the sidecar that calls its own pod by
    // its address (istio `tools/istio-iptables/pkg/capture/run.go`).
    if (isLoopback(destination.address) || (!direct && destination.address === from.address)) {
      const how = isLoopback(destination.address) ? 'loopback' : 'address';
      const accept = from.listenerOf(destination.port, how);
      join(socket, from, destination.address, destination, from, destination, accept);
      return;
    }
    const { outbound, excludes } = from.capture;
    if (!direct && outbound !== undefined && !excludes?.('outbound', destination.port)) {
      const accept: Accept = (end) => outbound(end, destination);
      join(socket, from, from.address, destination, from, destination, accept);
      return;
    }
    this.#send(from, socket, destination);
  }

  #send(from: Place, socket: PairedSocket, destination: Endpoint): void {
    const balanced = this.#control.balance(destination.address, destination.port);
    if (balanced === 'refused') {
      socket.destroy(networkError('connect', 'ECONNREFUSED', destination));
      return;
    }
    const backend = balanced ?? destination;
    const to = this.#places.get(backend.address);
    // No route to the address, or a policy in between: the SYN is lost and nobody says so.
    if (to === undefined || !this.#permits(from, to, backend.port)) return;
    const { inbound, excludes } = to.capture;
    const accept: Accept | undefined =
      inbound === undefined || excludes?.('inbound', backend.port)
        ? to.listenerOf(backend.port, 'address')
        : (end) => inbound(end, backend.port);
    join(socket, from, from.address, destination, to, backend, accept);
  }

  /** What a pod sends to itself never passes the host's side of its interface, where policies are enforced. */
  #permits(from: Place, to: Place, port: number): boolean {
    if (from === to) return true;
    const sourceIsHost = from.owner.host === true;
    return this.#control.permits({ source: from.address, sourceIsHost, destination: to.address, port });
  }
}

/** A socket that is connecting, and that `reach` is called for in the next turn unless it was given up by then. */
function begin(from: Place, reach: (socket: PairedSocket) => void): PairedSocket {
  const socket = new PairedSocket();
  from.own(socket);
  setImmediate(() => {
    if (socket.destroyed) return;
    if (from.attached) reach(socket);
    else socket.destroy(networkError('connect', 'ENETUNREACH'));
  });
  return socket;
}

/**
 * Makes a connection stand, or refuses it where nobody accepts.
 *
 * @param sourceAddress what the server sees as the client's address.
 * @param destination where the client wanted to go, which is what it sees.
 * @param backend where it came to.
 */
function join(
  socket: PairedSocket,
  from: Place,
  sourceAddress: string,
  destination: Endpoint,
  to: Place,
  backend: Endpoint,
  accept: Accept | undefined,
): void {
  if (accept === undefined) {
    socket.destroy(networkError('connect', 'ECONNREFUSED', destination));
    return;
  }
  const source = { address: sourceAddress, port: from.ephemeralPort() };
  const end = new PairedSocket();
  to.own(end);
  socket.connectTo({ local: source, remote: destination }, end, { local: backend, remote: source });
  accept(end);
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.');
}

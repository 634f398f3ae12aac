import type { Capture, NetworkInterface, Owner, Target, VirtualSocket } from './interface.ts';
import { networkError } from './network-error.ts';
import type { PairedSocket } from './socket.ts';

const firstEphemeralPort = 32_768;
const lastEphemeralPort = 60_999;

/** What a place asks of the network it is on. */
export interface Dialler {
  dial: (from: Place, target: Target, direct: boolean) => VirtualSocket;
  dialLocal: (from: Place, port: number) => VirtualSocket;
}

interface Listener {
  accept: (socket: VirtualSocket) => void;
  loopback: boolean;
}

/** An attached interface: what listens on its ports, and its connections, for as long as they are open. */
export class Place implements NetworkInterface {
  readonly address: string;
  readonly owner: Owner;
  capture: Capture = {};
  /** False once it is detached. */
  attached = true;
  readonly #dialler: Dialler;
  readonly #listeners = new Map<number, Listener>();
  readonly #sockets = new Set<PairedSocket>();
  #nextPort = firstEphemeralPort;

  constructor(address: string, owner: Owner, dialler: Dialler) {
    this.address = address;
    this.owner = owner;
    this.#dialler = dialler;
  }

  listen(
    port: number,
    onConnection: (socket: VirtualSocket) => void,
    { loopback = false }: { loopback?: boolean } = {},
  ): () => void {
    if (this.#listeners.has(port)) {
      throw networkError('listen', 'EADDRINUSE', { address: this.address, port });
    }
    // A listener may be given twice, so the port is freed only by who took it.
    const listener: Listener = { accept: (socket) => onConnection(socket), loopback };
    this.#listeners.set(port, listener);
    return () => {
      if (this.#listeners.get(port) === listener) this.#listeners.delete(port);
    };
  }

  connect(target: Target, { direct = false }: { direct?: boolean } = {}): VirtualSocket {
    return this.#dialler.dial(this, target, direct);
  }

  connectLocal(port: number): VirtualSocket {
    return this.#dialler.dialLocal(this, port);
  }

  /** What a connection to a port of its own goes to, past any capture; by 127.0.0.1 or by its address. */
  listenerOf(port: number, how: 'loopback' | 'address'): ((socket: VirtualSocket) => void) | undefined {
    const listener = this.#listeners.get(port);
    return listener?.loopback === true && how === 'address' ? undefined : listener?.accept;
  }

  /** The local port of the next connection; they are taken in turn. */
  ephemeralPort(): number {
    const port = this.#nextPort;
    this.#nextPort = port === lastEphemeralPort ? firstEphemeralPort : port + 1;
    return port;
  }

  /** Counts a socket as this place's until it is closed. */
  own(socket: PairedSocket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  /** Stops listening and resets every connection. */
  close(): void {
    this.attached = false;
    this.capture = {};
    this.#listeners.clear();
    for (const socket of this.#sockets) socket.reset();
  }
}

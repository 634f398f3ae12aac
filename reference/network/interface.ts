import type { Duplex } from 'node:stream';

/** Who or what has an address on the virtual network. */
export interface Owner {
  /** `namespace/name` of the pod, absent for a host. */
  pod?: string;
  /** A node itself: its traffic to pods is not subject to ingress policy. */
  host?: boolean;
}

/**
 * One end of a connection on the virtual network: a stream of bytes that knows its ends, as `net.Socket` does.
 * Destroying one end with an error resets the other (`ECONNRESET`); destroying it without one, or ending it, is an
 * orderly end. An error that nobody listens to is ignored; one without an `end` of its own stays half-open when the
 * peer has ended.
 */
export interface VirtualSocket extends Duplex {
  /** True until the connection stands; then `connect` is emitted. A dropped SYN leaves it so for ever. */
  readonly connecting: boolean;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  /** Tears the connection down so that the peer sees `ECONNRESET`. */
  reset: () => void;
}

export interface Target {
  /** An address, or a name as the cluster's DNS knows it. */
  host: string;
  port: number;
}

/** Takes over connections that iptables would redirect to the sidecar. */
export interface Capture {
  /** A connection to any port of the pod from outside, or from its own sidecar, with the port it was for. */
  inbound?: (socket: VirtualSocket, port: number) => void;
  /**
   * A connection that a container of the pod opens to anywhere but the pod itself, with the address and port it was
   * for: a service's own, not an endpoint's. It stands from the container's side, whether that can be reached or not.
   */
  outbound?: (socket: VirtualSocket, destination: { address: string; port: number }) => void;
  /** Ports that it leaves alone, of the pod itself or of those that it connects to; none when absent. */
  excludes?: (direction: 'inbound' | 'outbound', port: number) => boolean;
}

/** A place on the network: a pod or a node. */
export interface NetworkInterface {
  readonly address: string;
  readonly owner: Owner;
  /**
   * Accepts connections on a port; gives back what stops it. Throws `EADDRINUSE` when it is taken.
   *
   * @param loopback only those to 127.0.0.1, which the pod itself alone can make.
   */
  listen: (
    port: number,
    onConnection: (socket: VirtualSocket) => void,
    options?: { loopback?: boolean },
  ) => () => void;
  /**
   * Opens a connection, by the sidecar's capture when there is one. It fails with the errors of `net.connect`, in a
   * later turn.
   *
   * @param direct past the capture, as the sidecar's own connections go.
   */
  connect: (target: Target, options?: { direct?: boolean }) => VirtualSocket;
  /** Connects to one of the pod's own ports from 127.0.0.6, as the inbound sidecar does; never captured. */
  connectLocal: (port: number) => VirtualSocket;
  /** Set by the sidecar while it runs. */
  capture: Capture;
}

/** What decides about connections; put into the network by those who know. */
export interface NetworkControl {
  /** Whether Felix lets a new connection through. A refusal drops the SYN silently. */
  permits: (connection: {
    source: string;
    sourceIsHost: boolean;
    destination: string;
    port: number;
  }) => boolean;
  /** The address of a name, seen from a namespace; undefined: no such name. */
  resolve: (name: string, namespace: string | undefined) => string | undefined;
  /**
   * Where kube-proxy sends a connection to this address and port; `refused` for a service without endpoints;
   * undefined when the address is no service's.
   */
  balance: (address: string, port: number) => { address: string; port: number } | 'refused' | undefined;
}

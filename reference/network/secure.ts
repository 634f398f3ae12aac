import type { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect, TLSSocket } from 'node:tls';
import { alert, plainAlert, sealedAlert } from './alerts.ts';
import type { Identity } from './certificates.ts';
import { peekClientHello } from './client-hello.ts';
import { Gate } from './gate.ts';
import { hashOf, type PresentedPeer, presentedPeer } from './peer.ts';
import { contextOf } from './secure-context.ts';

export type { Identity } from './certificates.ts';
export type { PresentedPeer } from './peer.ts';

export interface ClientOptions {
  /** What it shows when it is asked for a certificate. */
  identity?: Identity;
  /** PEM of the authorities that the server's certificate must lead to; those of the identity when absent. */
  trust?: string;
  /** The application protocols it offers, the preferred one first. */
  alpn?: readonly string[];
  servername?: string;
}

export interface ServerOptions {
  identity: Identity;
  /** PEM of the authorities that a client's certificate should lead to. */
  trust: string;
  /** Gives the number of the alert that refuses a client, or undefined to accept it; also asked when there is no certificate. */
  judgePeer: (peer: PresentedPeer) => number | undefined;
  /** The application protocols it speaks, the preferred one first; `serverProtocols` when absent. */
  alpn?: readonly string[];
}

/** A connection that a client has been accepted on. */
export interface Accepted {
  stream: TLSSocket;
  /** The client's URI; empty when it has none. */
  principal: string;
  /** SHA-256 of the client's certificate in DER, in hexadecimal; empty without one. */
  hash: string;
  /** The protocol agreed on; undefined when both sides share none, which is no reason to refuse. */
  alpn: string | undefined;
  servername: string | undefined;
}

/** What a sidecar's server side speaks (istio `pilot/pkg/networking/util` ALPNHttp). */
export const serverProtocols = ['h2', 'http/1.1'] as const;

/** A client was refused by an alert of this number. */
export class PeerRefused extends Error {
  override name = 'PeerRefused';
  readonly alert: number;

  constructor(number: number) {
    super(`The client was refused with the TLS alert ${number}.`);
    this.alert = number;
  }
}

/**
 * Makes a TLS handshake as a client. The stream may still be connecting.
 *
 * Under TLS 1.3 a server judges the client's certificate only afterwards: its alert is an error of the stream that is
 * given back, which goes unheard if nobody listens. To reset the connection, reset the stream beneath.
 *
 * @throws what ended the connection or the handshake. Without any `trust` the server's certificate is not verified.
 */
export function secureClient(stream: Duplex, options: ClientOptions): Promise<TLSSocket> {
  const { identity, trust = identity?.trust, alpn, servername } = options;
  const socket = connect({
    socket: stream,
    secureContext: contextOf(identity, trust),
    rejectUnauthorized: trust !== undefined,
    // A workload's certificate names it by URI, so no host name can be found in it.
    checkServerIdentity: () => undefined,
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
    ...(servername === undefined ? {} : { servername }),
  });
  return new Promise((resolve, reject) => {
    socket.on('error', reject).on('close', () => reject(stream.errored ?? closedEarly()));
    socket.once('secureConnect', () => resolve(socket));
  });
}

/**
 * Makes a TLS handshake as a server that asks the client for a certificate.
 *
 * A client that is refused gets its alert as from Envoy: under TLS 1.2 within the handshake, under TLS 1.3 when its own
 * part of the handshake is over; then the connection ends in order. 116, which TLS 1.2 does not have, is 40 there.
 *
 * @throws PeerRefused for those; otherwise what ended the connection or the handshake. The stream is closed then.
 */
export async function acceptSecure(stream: Duplex, options: ServerOptions): Promise<Accepted> {
  const { identity, trust, judgePeer, alpn = serverProtocols } = options;
  const hello = await peekClientHello(stream);
  if (hello.kind !== 'tls') {
    stream.destroy();
    throw stream.errored ?? closedEarly();
  }
  // Node refuses a client with whom it shares no protocol, unlike Envoy.
  const agreed = alpn.find((protocol) => hello.alpn.includes(protocol));

  return new Promise((resolve, reject) => {
    let peer: PresentedPeer | undefined;
    const refusalOf = (chain: readonly Buffer[]): number | undefined => {
      peer = presentedPeer(chain, trust);
      return judgePeer(peer);
    };
    const gate = new Gate(stream, (chain) => {
      const number = refusalOf(chain);
      if (number === undefined) return undefined;
      const known = number === alert.certificateRequired ? alert.handshakeFailure : number;
      reject(new PeerRefused(known));
      return plainAlert(known);
    });
    const socket = new TLSSocket(gate, {
      isServer: true,
      secureContext: contextOf(identity, trust),
      requestCert: true,
      rejectUnauthorized: false,
      ...(agreed === undefined ? {} : { ALPNProtocols: [agreed] }),
    });
    let secret = Buffer.alloc(0);
    socket.on('keylog', (line: Buffer) => {
      const [label, , value = ''] = line.toString().trim().split(' ');
      if (label === 'SERVER_TRAFFIC_SECRET_0') secret = Buffer.from(value, 'hex');
    });
    // A server's socket that no `tls.Server` made tells of errors by this event alone.
    socket.on('_tlsError', (error: Error) => socket.destroy(error));
    socket.on('error', reject).on('close', () => reject(stream.errored ?? closedEarly()));
    socket.once('secure', () => {
      const chain = chainOf(socket.getPeerX509Certificate());
      if (peer === undefined) {
        const number = refusalOf(chain);
        if (number !== undefined) {
          // Under TLS 1.2 it was judged before, unless it showed nothing to judge; that it cannot be told now.
          if (socket.getProtocol() === 'TLSv1.3') {
            gate.refuse(sealedAlert(number, socket.getCipher().standardName, secret));
          }
          reject(new PeerRefused(number));
          socket.destroy();
          return;
        }
      }
      gate.open();
      // HTTP/2 would wait for what only a `tls.Server` says.
      Object.assign(socket, { secureConnecting: false });
      resolve({
        stream: socket,
        principal: peer?.uri ?? '',
        hash: chain[0] === undefined ? '' : hashOf(chain[0]),
        alpn: socket.alpnProtocol || undefined,
        servername: hello.servername,
      });
    });
  });
}

function chainOf(certificate: X509Certificate | undefined): Buffer[] {
  const chain: Buffer[] = [];
  for (let next = certificate; next !== undefined; next = next.issuerCertificate) chain.push(next.raw);
  return chain;
}

function closedEarly(): Error {
  const error = new Error('The connection was closed within the TLS handshake.');
  return Object.assign(error, { code: 'ECONNRESET' });
}

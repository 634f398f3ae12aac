import { Duplex } from 'node:stream';
import type { VirtualSocket } from './interface.ts';
import { networkError } from './network-error.ts';

export interface Endpoint {
  address: string;
  port: number;
}

/** The two ends of a connection as one of them sees them. */
export interface Ends {
  local: Endpoint;
  remote: Endpoint;
}

/** How many bytes may be on their way to an end before its peer has to wait, as the kernel's buffers have it. */
const windowBytes = 65_536;

/**
 * One end of a connection within this process. It begins as a client's that is connecting; `connectTo` joins it with
 * the end that the server gets.
 *
 * It behaves as TCP does under Linux. Bytes arrive in a later turn of the event loop, in order, and before the end or
 * the reset that followed them. What is written to a peer that has closed is swallowed once, and then `EPIPE`.
 * A side that has heard the end may go on writing until it ends too.
 *
 * An error that nobody listens to is ignored, as the programs on both ends share one process and one that has not
 * begun to listen must not end them all.
 */
export class PairedSocket extends Duplex implements VirtualSocket {
  #peer: PairedSocket | undefined;
  #ends: Ends | undefined;
  /** Arrived, and not yet asked for. */
  readonly #inbox: Buffer[] = [];
  #inboxBytes = 0;
  /** Whether the reader asks for more. */
  #wanted = false;
  /** What follows the bytes in the inbox. */
  #closing: 'end' | 'reset' | undefined;
  #ended = false;
  #scheduled = false;
  /** A write, or the end, that waits for the connection or for room at the peer. */
  #held: ((error?: Error) => void) | undefined;
  #resetting = false;
  #wroteToNobody = false;

  constructor() {
    super({ allowHalfOpen: true });
    this.on('error', () => {});
  }

  get connecting(): boolean {
    return this.#peer === undefined && !this.destroyed;
  }

  get pending(): boolean {
    return this.#peer === undefined;
  }

  get localAddress(): string | undefined {
    return this.#ends?.local.address;
  }

  get localPort(): number | undefined {
    return this.#ends?.local.port;
  }

  get remoteAddress(): string | undefined {
    return this.#ends?.remote.address;
  }

  get remotePort(): number | undefined {
    return this.#ends?.remote.port;
  }

  get localFamily(): string | undefined {
    return this.#ends && 'IPv4';
  }

  get remoteFamily(): string | undefined {
    return this.#ends && 'IPv4';
  }

  address(): { address: string; family: string; port: number } | Record<string, never> {
    return this.#ends === undefined ? {} : { ...this.#ends.local, family: 'IPv4' };
  }

  /**
   * Makes the connection stand, and says so by `connect`. Bytes that were written before are on their way then.
   *
   * @param ends as this end sees them.
   * @param peer the other end.
   * @param peerEnds as the other end sees them.
   */
  connectTo(ends: Ends, peer: PairedSocket, peerEnds: Ends): void {
    this.#ends = ends;
    this.#peer = peer;
    peer.#ends = peerEnds;
    peer.#peer = this;
    this.#release();
    this.emit('connect');
    this.emit('ready');
  }

  reset(): void {
    this.#resetting = true;
    this.destroy();
  }

  /** Closes it once everything written is on its way, as `net.Socket` does. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  // What Node's HTTP and TLS ask of a socket and what means nothing here. No idle connection is ever timed out.

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    this.#wanted = true;
    if (this.#inbox.length > 0 || this.#closing !== undefined) this.#schedule();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    const peer = this.#peer;
    if (peer === undefined) {
      this.#held = (error) => (error ? callback(error) : this._write(chunk, encoding, callback));
    } else if (peer.destroyed) {
      // The first answer to a closed peer is what brings its reset; only the next write learns of it.
      const error = this.#wroteToNobody ? networkError('write', 'EPIPE') : null;
      this.#wroteToNobody = true;
      callback(error);
    } else {
      const piece = chunk.subarray(0, windowBytes);
      const rest = chunk.subarray(windowBytes);
      peer.#inbox.push(piece);
      peer.#inboxBytes += piece.length;
      peer.#schedule();
      const next = (error?: Error | null) =>
        error || rest.length === 0 ? callback(error) : this._write(rest, encoding, callback);
      if (peer.#inboxBytes < windowBytes) next();
      else this.#held = next;
    }
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (this.#peer === undefined) {
      this.#held = (error) => (error ? callback(error) : this._final(callback));
    } else {
      this.#peer.#close('end');
      callback();
    }
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#inbox.length = 0;
    this.#release(error ?? networkError('write', 'ECANCELED'));
    if (this.#peer !== undefined) this.#peer.#close(error !== null || this.#resetting ? 'reset' : 'end');
    callback(error);
  }

  #close(how: 'end' | 'reset'): void {
    if (this.#closing !== 'reset') this.#closing = how;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.destroyed) return;
    this.#scheduled = true;
    setImmediate(this.#deliver);
  }

  readonly #deliver = (): void => {
    this.#scheduled = false;
    while (this.#wanted && this.#inbox.length > 0) {
      const chunk = this.#inbox.shift()!;
      this.#inboxBytes -= chunk.length;
      this.#wanted = this.push(chunk);
    }
    if (this.destroyed) return;
    const peer = this.#peer;
    if (peer !== undefined && this.#inboxBytes < windowBytes) peer.#release();
    if (peer?.destroyed) this.#release();
    if (this.#inbox.length > 0) return;
    if (this.#closing === 'reset') {
      this.destroy(networkError('read', 'ECONNRESET'));
    } else if (this.#closing === 'end' && !this.#ended) {
      this.#ended = true;
      this.push(null);
    }
  };

  #release(error?: Error): void {
    const held = this.#held;
    this.#held = undefined;
    held?.(error);
  }
}

import { Duplex } from 'node:stream';
import { networkError } from './network-error.ts';

type Callback = (error?: Error | null) => void;

const record = { changeCipherSpec: 0x14, handshake: 0x16 };
const headerBytes = 5;
const certificateMessage = 11;

/**
 * Stands between a TLS server and the network until the server's user has judged the client, so that it can refuse
 * with an alert that Node would not send. It passes on what the client says record by record.
 *
 * Under TLS 1.2 it reads the client's certificates in the clear and judges before the server sees them. Under TLS 1.3
 * the server's user judges when Node tells it of the end of the handshake, which is before anything is sent under the
 * server's traffic keys: a refusal is the first record under them, and the session tickets are dropped.
 */
export class Gate extends Duplex {
  readonly #network: Duplex;
  readonly #judge: (certificates: Buffer[]) => Buffer | undefined;
  #state: 'handshake' | 'open' | 'refused' = 'handshake';
  /** From the client and not yet a whole record. */
  #incoming: Buffer = Buffer.alloc(0);
  /** Of handshake messages in the clear, and not yet a whole one. */
  #messages: Buffer = Buffer.alloc(0);
  #inTheClear = true;

  /**
   * @param judge is told of the certificates that a TLS 1.2 client sends, in DER, its own first and none when it has
   * none; gives back what to answer and refuse it with, or undefined to go on.
   */
  constructor(network: Duplex, judge: (certificates: Buffer[]) => Buffer | undefined) {
    super({ allowHalfOpen: true });
    this.#network = network;
    this.#judge = judge;
    this.on('error', () => {});
    // A TLS server that may go on after its client's end would wait for the rest of the handshake for ever.
    this.once('end', () => {
      if (this.#state === 'handshake') this.destroy(networkError('read', 'ECONNRESET'));
    });
    network.on('data', this.#receive).on('end', this.#end).on('error', this.#fail).on('close', this.#close);
  }

  /** Lets everything pass from now on. */
  open(): void {
    this.#state = 'open';
  }

  /** Sends the client this as the last it hears, and closes the connection when the client does. */
  refuse(answer: Buffer): void {
    this.#state = 'refused';
    const network = this.#network;
    network
      .off('data', this.#receive)
      .off('end', this.#end)
      .off('error', this.#fail)
      .off('close', this.#close);
    const close = () => network.destroy();
    network.on('error', close).on('end', close);
    network.end(answer);
    // It reads on, as closing at once could cost the client the answer.
    network.resume();
    if (network.readableEnded) close();
  }

  override _read(): void {
    if (this.#state !== 'refused') this.#network.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: Callback): void {
    if (this.#state === 'refused') callback();
    else this.#network.write(chunk, callback);
  }

  override _final(callback: Callback): void {
    if (this.#state === 'refused') callback();
    else this.#network.end(callback);
  }

  override _destroy(error: Error | null, callback: Callback): void {
    if (this.#state !== 'refused') this.#network.destroy();
    callback(error);
  }

  readonly #receive = (chunk: Buffer): void => {
    if (this.#state === 'open' && this.#incoming.length === 0) {
      this.#pass(chunk);
      return;
    }
    this.#incoming = Buffer.concat([this.#incoming, chunk]);
    while (this.#state === 'handshake' && this.#incoming.length >= headerBytes) {
      const end = headerBytes + this.#incoming.readUInt16BE(3);
      if (this.#incoming.length < end) return;
      const whole = this.#incoming.subarray(0, end);
      this.#incoming = this.#incoming.subarray(end);
      this.#inspect(whole);
      if (this.#state !== ('refused' as string)) this.#pass(whole);
    }
    if (this.#state !== 'open') return;
    const rest = this.#incoming;
    this.#incoming = Buffer.alloc(0);
    if (rest.length > 0) this.#pass(rest);
  };

  #pass(bytes: Buffer): void {
    if (!this.push(bytes)) this.#network.pause();
  }

  #inspect(whole: Buffer): void {
    const type = whole[0];
    if (type === record.changeCipherSpec) this.#inTheClear = false;
    if (type !== record.handshake || !this.#inTheClear) return;
    this.#messages = Buffer.concat([this.#messages, whole.subarray(headerBytes)]);
    while (this.#messages.length >= 4) {
      const end = 4 + this.#messages.readUIntBE(1, 3);
      if (this.#messages.length < end) return;
      const message = this.#messages.subarray(0, end);
      this.#messages = this.#messages.subarray(end);
      if (message[0] !== certificateMessage) continue;
      const answer = this.#judge(certificatesIn(message.subarray(4)));
      if (answer === undefined) continue;
      this.refuse(answer);
      this.destroy();
      return;
    }
  }

  readonly #end = (): void => {
    this.push(null);
  };

  readonly #fail = (error: Error): void => {
    this.destroy(error);
  };

  readonly #close = (): void => {
    this.destroy();
  };
}

/** The certificates of a TLS 1.2 Certificate message (RFC 5246, section 7.4.2), as far as they are whole. */
function certificatesIn(message: Buffer): Buffer[] {
  const certificates: Buffer[] = [];
  for (let at = 3; at + 3 <= message.length; ) {
    const end = at + 3 + message.readUIntBE(at, 3);
    certificates.push(message.subarray(at + 3, end));
    at = end;
  }
  return certificates;
}

import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** What the first bytes of a connection say of it. */
export type Opening =
  | { kind: 'plaintext' }
  | ClientHello
  /** It ended or broke before that was certain. */
  | { kind: 'ended' }
  /** Nothing certain came within the time that was given. */
  | { kind: 'silent' };

export interface ClientHello {
  kind: 'tls';
  /** The application protocols offered, the preferred one first. */
  alpn: string[];
  servername?: string;
}

const handshakeRecord = 0x16;
const clientHelloMessage = 1;
const recordHeaderBytes = 5;
const messageHeaderBytes = 4;
const extension = { servername: 0, alpn: 16 };
/** More than any client says of itself at first. */
const limitBytes = 65_536;

/**
 * Looks at the first bytes of a stream, as Envoy's TLS inspector does, and leaves them in it. The stream must not be
 * read by anyone else until this is over, and is not flowing then.
 *
 * @param waitMs how long to wait for them; for ever when absent.
 */
export async function peekClientHello(stream: Duplex, waitMs?: number): Promise<Opening> {
  const seen: Buffer[] = [];
  let opening: Opening | undefined;
  const stop = new AbortController();
  const looked = new Promise<Opening>((resolve) => {
    const conclude = (found: Opening) => {
      if (opening !== undefined) return;
      opening = found;
      stream.off('readable', look).off('end', ended).off('error', ended).off('close', ended);
      const bytes = Buffer.concat(seen);
      if (bytes.length > 0 && !stream.readableEnded && !stream.destroyed) stream.unshift(bytes);
      resolve(found);
    };
    const look = () => {
      const chunk: Buffer | null = stream.read();
      if (chunk === null) return;
      seen.push(chunk);
      const found = openingOf(Buffer.concat(seen));
      if (found !== undefined) conclude(found);
    };
    const ended = () => conclude({ kind: 'ended' });
    stream.on('readable', look).on('end', ended).on('error', ended).on('close', ended);
    if (stream.destroyed || stream.readableEnded) ended();
    if (waitMs !== undefined) {
      delay(waitMs, undefined, { signal: stop.signal }).then(
        () => conclude({ kind: 'silent' }),
        () => {},
      );
    }
  });
  try {
    return await looked;
  } finally {
    stop.abort();
  }
}

/** What these first bytes say; undefined while they say too little. A hello that breaks the rules offers nothing. */
export function openingOf(bytes: Buffer): Opening | undefined {
  if (bytes.length > 0 && bytes[0] !== handshakeRecord) return { kind: 'plaintext' };
  if (bytes.length > 1 && bytes[1] !== 3) return { kind: 'plaintext' };
  try {
    const message = firstMessage(bytes);
    return message === undefined ? undefined : readClientHello(message);
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'tls', alpn: [] };
    throw error;
  }
}

/** The first handshake message without its header, from one record or several (RFC 8446, section 5.1). */
function firstMessage(bytes: Buffer): Buffer | undefined {
  const fragments: Buffer[] = [];
  for (let at = 0; at + recordHeaderBytes <= bytes.length; ) {
    if (bytes[at] !== handshakeRecord) throw new RangeError('Another record within the first message.');
    const end = at + recordHeaderBytes + bytes.readUInt16BE(at + 3);
    fragments.push(bytes.subarray(at + recordHeaderBytes, end));
    at = end;
  }
  const content = Buffer.concat(fragments);
  if (content.length < messageHeaderBytes) return undefined;
  const length = content.readUIntBE(1, 3);
  if (content[0] !== clientHelloMessage || length > limitBytes) throw new RangeError('Not a client hello.');
  const message = content.subarray(messageHeaderBytes, messageHeaderBytes + length);
  return message.length < length ? undefined : message;
}

/** Reads what is asked for, and throws a RangeError where there is less. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get over(): boolean {
    return this.#at >= this.#bytes.length;
  }

  number(bytes: number): number {
    return this.take(bytes).readUIntBE(0, bytes);
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('The hello is cut short.');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A vector that begins with its length in so many bytes. */
  vector(lengthBytes: number): Buffer {
    return this.take(this.number(lengthBytes));
  }
}

/** RFC 8446, section 4.1.2; RFC 7301, section 3.1; RFC 6066, section 3. */
function readClientHello(message: Buffer): ClientHello {
  const hello: ClientHello = { kind: 'tls', alpn: [] };
  const reader = new Reader(message);
  reader.take(2 + 32); // version and random
  reader.vector(1); // session
  reader.vector(2); // cipher suites
  reader.vector(1); // compression
  if (reader.over) return hello;
  const extensions = new Reader(reader.vector(2));
  while (!extensions.over) {
    const type = extensions.number(2);
    const content = new Reader(extensions.vector(2));
    if (type === extension.alpn) {
      const protocols = new Reader(content.vector(2));
      while (!protocols.over) hello.alpn.push(protocols.vector(1).toString('latin1'));
    } else if (type === extension.servername) {
      const names = new Reader(content.vector(2));
      names.take(1); // the one type of name there is
      hello.servername = names.vector(2).toString('latin1');
    }
  }
  return hello;
}

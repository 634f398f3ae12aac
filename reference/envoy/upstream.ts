import type { Duplex } from 'node:stream';
import type { VirtualSocket } from '../network/interface.ts';
import type { ResetReason } from '../rules/envoy.ts';

/** An attempt at an upstream that ended without a response. */
export class UpstreamFailure extends Error {
  override name = 'UpstreamFailure';
  readonly reason: ResetReason;
  /** What Envoy logs as the transport's failure. */
  readonly transport: string | undefined;

  constructor(reason: ResetReason, transport?: string) {
    super(transport === undefined ? reason : `${reason}: ${transport}`);
    this.reason = reason;
    this.transport = transport;
  }
}

/** A connection to an upstream that stands. */
export interface UpstreamConnection {
  /** What HTTP, or any other protocol, goes over. */
  stream: Duplex;
  /** The connection below it, which knows its ends. */
  socket: VirtualSocket;
}

export interface DialOptions {
  /** Milliseconds until the attempt to connect is given up. */
  connectMs: number;
  /** Milliseconds for the handshake. */
  handshakeMs: number;
  /** Makes the connection secure; left as it is when absent. */
  secure?: (socket: VirtualSocket) => Promise<Duplex>;
}

/**
 * Waits until a connection stands. An attempt that a policy dropped never ends by itself.
 *
 * @throws UpstreamFailure when it doesn't; the connection is destroyed then.
 */
export async function dial(
  socket: VirtualSocket,
  { connectMs, handshakeMs, secure }: DialOptions,
): Promise<UpstreamConnection> {
  try {
    await within(connectMs, stands(socket));
    if (secure === undefined) return { stream: socket, socket };
    return { stream: await within(handshakeMs, secured(socket, secure)), socket };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** @throws UpstreamFailure when it takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    const expire = () => reject(new UpstreamFailure('connection timeout'));
    // When this process was busy for longer than that, what came meanwhile is heard first.
    timer = setTimeout(() => setImmediate(() => setImmediate(expire)), ms);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}

function stands(socket: VirtualSocket): Promise<void> {
  // Whoever uses the stream later hears of its errors there.
  socket.on('error', () => {});
  return new Promise((resolve, reject) => {
    const fail = () => reject(new UpstreamFailure('remote connection failure', refused));
    if (socket.destroyed) fail();
    else if (!socket.connecting) resolve();
    else socket.once('connect', resolve).once('error', fail).once('close', fail);
  });
}

const refused = 'delayed connect error: Connection refused';

async function secured(
  socket: VirtualSocket,
  secure: (socket: VirtualSocket) => Promise<Duplex>,
): Promise<Duplex> {
  try {
    const stream = await secure(socket);
    stream.on('error', () => {});
    return stream;
  } catch (error) {
    throw new UpstreamFailure('remote connection failure', `TLS_error:${tlsReason(error)}:TLS_error_end`);
  }
}

/** OpenSSL's reason, as both OpenSSL and BoringSSL spell it. */
function tlsReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return code.replace(/^ERR_SSL_/, '');
}

import type { Duplex } from 'node:stream';

/**
 * What comes first on a connection, left there for who reads it next; empty when nothing came within `ms`
 * milliseconds, or the connection ended. The stream is not flowing when this is over.
 */
export function firstBytes(stream: Duplex, ms: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const settle = (bytes: Buffer) => {
      clearTimeout(timer);
      stream.off('readable', take).off('end', none).off('error', none).off('close', none);
      if (bytes.length > 0) stream.unshift(bytes);
      // By the next tick the stream has noticed that nobody waits for it to be readable, and so can flow again.
      process.nextTick(resolve, bytes);
    };
    const take = () => {
      const bytes: Buffer | null = stream.read();
      if (bytes !== null) settle(bytes);
    };
    const none = () => settle(Buffer.alloc(0));
    const timer = setTimeout(none, ms);
    stream.on('readable', take).once('end', none).once('error', none).once('close', none);
  });
}

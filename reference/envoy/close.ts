import type { Duplex } from 'node:stream';

/** How long a peer may take to close after it was told the end, in milliseconds (envoy, `delayed_close_timeout`). */
const delayedCloseMs = 1000;

/** Ends a connection once everything written is on its way, and drops it when the peer does not end it too. */
export function closeSoon(stream: Duplex): void {
  if (stream.destroyed) return;
  const timer = setTimeout(() => stream.destroy(), delayedCloseMs);
  timer.unref();
  const done = () => {
    clearTimeout(timer);
    stream.destroy();
  };
  stream
    .once('end', done)
    .once('error', done)
    .once('close', () => clearTimeout(timer));
  stream.end();
  stream.resume();
  if (stream.readableEnded) stream.once('finish', done);
}

/** Lets two connections be one: bytes, ends and failures of each reach the other. */
export function join(one: Duplex, other: Duplex): void {
  pass(one, other);
  pass(other, one);
  one.pipe(other);
  other.pipe(one);
}

/** Hands on the failure of one to the other, which its peer then sees as a reset. */
export function pass(from: Duplex, to: Duplex): void {
  from.on('error', (error) => to.destroy(error));
  from.once('close', () => {
    if (!to.writableEnded) to.end();
  });
}

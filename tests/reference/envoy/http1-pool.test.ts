import { expect, test } from '@playwright/test';
import type { Http1Channel } from '../../../reference/envoy/http1-channel.ts';
import { Http1Pool } from '../../../reference/envoy/http1-pool.ts';
import { type UpstreamConnection, UpstreamFailure } from '../../../reference/envoy/upstream.ts';
import { PairedSocket } from '../../../reference/network/socket.ts';

const forEver = new AbortController().signal;

/** A pool whose attempts to connect end when the test says so. */
function controlled(): { pool: Http1Pool; attempts: PromiseWithResolvers<UpstreamConnection>[] } {
  const attempts: PromiseWithResolvers<UpstreamConnection>[] = [];
  const pool = new Http1Pool({
    dial: () => {
      const attempt = Promise.withResolvers<UpstreamConnection>();
      attempts.push(attempt);
      return attempt.promise;
    },
  });
  return { pool, attempts };
}

function standing(): UpstreamConnection {
  const socket = new PairedSocket();
  return { socket, stream: socket };
}

const timedOut = () => new UpstreamFailure('connection timeout');
const outcome = (acquired: Promise<Http1Channel>) =>
  acquired.then(
    () => 'connection',
    (error: Error) => error.message,
  );

test('a request waits for whichever connection is free first', async () => {
  const { pool, attempts } = controlled();
  const first = pool.acquire(forEver);
  attempts[0]?.resolve(standing());
  const connection = await first;
  const second = pool.acquire(forEver);
  expect(attempts).toHaveLength(2);
  pool.release(connection, true);
  expect(await second).toBe(connection);
});

test('when an attempt fails, every request that waits is told', async () => {
  const { pool, attempts } = controlled();
  const waiting = [pool.acquire(forEver), pool.acquire(forEver), pool.acquire(forEver)].map(outcome);
  expect(attempts).toHaveLength(3);
  attempts[1]?.reject(timedOut());
  expect(await Promise.all(waiting)).toEqual([
    'connection timeout',
    'connection timeout',
    'connection timeout',
  ]);
});

test('an attempt that outlives its request serves the next one', async () => {
  const { pool, attempts } = controlled();
  const gone = new AbortController();
  const abandoned = outcome(pool.acquire(gone.signal));
  gone.abort(new Error('gone'));
  expect(await abandoned).toBe('gone');
  const next = outcome(pool.acquire(forEver));
  expect(attempts).toHaveLength(1);
  attempts[0]?.resolve(standing());
  expect(await next).toBe('connection');
});

test('an idle connection that the peer has closed is not used', async () => {
  const { pool, attempts } = controlled();
  const first = pool.acquire(forEver);
  attempts[0]?.resolve(standing());
  const connection = await first;
  pool.release(connection, true);
  expect(pool.idle).toBe(1);
  connection.stream.destroy();
  expect(pool.idle).toBe(0);
  const second = outcome(pool.acquire(forEver));
  expect(attempts).toHaveLength(2);
  attempts[1]?.resolve(standing());
  expect(await second).toBe('connection');
});

test('a draining pool closes what is idle and what is given back', async () => {
  const { pool, attempts } = controlled();
  const [busy, idle] = [pool.acquire(forEver), pool.acquire(forEver)];
  attempts[0]?.resolve(standing());
  attempts[1]?.resolve(standing());
  const [one, other] = await Promise.all([busy, idle]);
  pool.release(other, true);
  pool.drain();
  expect([one.stream.destroyed, other.stream.destroyed]).toEqual([false, true]);
  pool.release(one, true);
  expect(one.stream.destroyed).toBe(true);
});

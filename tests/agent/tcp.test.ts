import { createServer } from 'node:net';
import { duplexPair } from 'node:stream';
import { expect } from '@playwright/test';
import { runBatch } from '../../fixtures/agent/batch.ts';
import { probe, send, test } from './harness.ts';

test('sends the payload as it is and hears until the peer ends', async ({ listen }) => {
  const received: Buffer[] = [];
  const port = await listen(
    createServer((socket) => {
      socket.on('data', (chunk) => {
        received.push(chunk);
        socket.write('one ', () => socket.end('two'));
      });
    }),
  );
  const { text, error, ended } = await send(probe({ port, protocol: 'tcp', payload: 'a\r\n\u0000\u00ff' }));
  expect(error).toBeUndefined();
  expect(ended).toBe(true);
  expect(text).toBe('one two');
  expect(Buffer.concat(received)).toEqual(Buffer.from([0x61, 13, 10, 0, 255]));
});

test('hears a banner without having sent anything, until there is silence', async ({ listen }) => {
  const port = await listen(createServer((socket) => socket.write('220 ready\r\n')));
  const { text, timings, ended } = await send(probe({ port, protocol: 'tcp' }));
  expect(text).toBe('220 ready\r\n');
  expect(ended).toBeUndefined();
  expect(timings.totalMs).toBeGreaterThanOrEqual(990);
});

test('is done as soon as the payload has come back, whatever came before it', async () => {
  const connect = () => {
    const [client, server] = duplexPair();
    server.write('banner\n');
    server.once('data', (payload) => {
      server.write(payload.subarray(0, 2));
      server.write(payload.subarray(2));
      // Whoever goes on listening hears more.
      const timer = setInterval(() => server.write('.'), 20);
      client.on('close', () => clearInterval(timer));
    });
    return client;
  };
  const request = probe({ port: 1, protocol: 'tcp', payload: 'hello', timeoutMs: 2000 });
  const { text, ended } = await send(request, { connect });
  expect(text).toBe('banner\nhello');
  expect(ended).toBeUndefined();
});

test('hears what comes until the time is over when the peer is never silent', async () => {
  const connect = () => {
    const [client, server] = duplexPair();
    const timer = setInterval(() => server.write('.'), 20);
    client.on('close', () => clearInterval(timer));
    return client;
  };
  const { text, error } = await send(probe({ port: 1, protocol: 'tcp', timeoutMs: 200 }), { connect });
  expect(error).toBeUndefined();
  expect(text).toMatch(/^\.+$/);
});

test('is a time-out when the peer says nothing', async () => {
  const connect = () => duplexPair()[0];
  const { text, error } = await send(probe({ port: 1, protocol: 'tcp', timeoutMs: 50 }), { connect });
  expect(text).toBeUndefined();
  expect(error).toMatchObject({ stage: 'receive', code: 'ETIMEDOUT', bytes: 0 });
});

test('is EOF when the peer ends without a byte', async ({ listen }) => {
  const port = await listen(createServer((socket) => socket.once('data', () => socket.end())));
  const { text, error } = await send(probe({ port, protocol: 'tcp', payload: 'x' }));
  expect(text).toBeUndefined();
  expect(error).toMatchObject({ stage: 'receive', code: 'EOF', bytes: 0 });
});

test('keeps what the peer said before it reset the connection', async ({ listen }) => {
  const port = await listen(
    createServer((socket) => {
      socket.once('data', () => socket.write('banner', () => socket.resetAndDestroy()));
    }),
  );
  const { text, error } = await send(probe({ port, protocol: 'tcp', payload: 'x' }));
  expect(text).toBe('banner');
  expect(error).toMatchObject({ stage: 'receive', code: 'ECONNRESET', bytes: 6 });
});

test('keeps 4 KiB of what the peer says', async ({ listen }) => {
  const port = await listen(createServer((socket) => socket.end('x'.repeat(50_000))));
  const { text } = await send(probe({ port, protocol: 'tcp' }));
  expect(text).toBe('x'.repeat(4096));
});

test('goes on over a connection that is named again', async ({ listen }) => {
  const port = await listen(
    createServer((socket) => {
      socket.once('data', (one) => {
        socket.write(one);
        socket.once('data', (two) => socket.end(two));
      });
    }),
  );
  const [first, second] = await runBatch(
    ['one', 'two'].map((payload) => probe({ port, protocol: 'tcp', connection: 'c', payload })),
  );
  expect([first?.text, second?.text]).toEqual(['one', 'two']);
  expect(second?.reused).toBe(true);
});

test('opens a named connection again when the peer has ended it', async ({ listen }) => {
  const port = await listen(createServer((socket) => socket.end('bye')));
  const [first, second] = await runBatch([1, 2].map(() => probe({ port, protocol: 'tcp', connection: 'c' })));
  expect([first?.text, second?.text]).toEqual(['bye', 'bye']);
  expect(second?.reused).toBeUndefined();
});

import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { clientAndServer, connected, failure, settled, text } from './harness.ts';

test('bytes arrive in order, in a later turn, on both sides', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  let heard = '';
  far.on('data', (chunk) => {
    heard += chunk;
  });
  near.write('one ');
  near.write('two');
  expect(heard).toBe('');
  await settled();
  expect(heard).toBe('one two');
  far.end('three');
  expect(await text(near)).toBe('three');
});

test('what is written while connecting is sent when the connection stands', async () => {
  const { client, server } = clientAndServer();
  const said = new Promise<string>((resolve) =>
    server.listen(7, (socket) => void text(socket).then(resolve)),
  );
  const socket = client.connect({ host: '10.0.0.2', port: 7 });
  socket.write('early');
  socket.end();
  expect(socket.connecting).toBe(true);
  expect(await said).toBe('early');
});

test('a side that has heard the end goes on writing until it ends too', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  near.end('question');
  expect(await text(far)).toBe('question');
  expect([near.destroyed, far.destroyed]).toEqual([false, false]);
  far.end('answer');
  expect(await text(near)).toBe('answer');
  await settled();
  expect([near.destroyed, far.destroyed]).toEqual([true, true]);
});

test('a close without an error is an end to the peer, after what was written', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  near.write('last words');
  near.destroy();
  expect(await text(far)).toBe('last words');
  expect(far.errored).toBeNull();
});

for (const [title, tear] of [
  ['reset()', (socket: { reset: () => void }) => socket.reset()],
  ['an error', (socket: Socket) => socket.destroy(new Error('bad'))],
] as const) {
  test(`the peer of a socket torn down by ${title} sees a reset, after what was written`, async () => {
    const { client, server } = clientAndServer();
    const [near, far] = await connected(client, server);
    let heard = '';
    far.on('data', (chunk) => {
      heard += chunk;
    });
    near.write('last words');
    tear(near as never);
    expect(await failure(far)).toMatchObject({ code: 'ECONNRESET', syscall: 'read' });
    expect(heard).toBe('last words');
    await settled();
    expect(far.destroyed).toBe(true);
  });
}

test('a reset is heard after a half-close, and by a side that has not begun to read', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  near.end();
  await settled();
  near.reset();
  expect(await failure(far)).toMatchObject({ code: 'ECONNRESET' });
});

test('what was sent before a reset can still be read by who begins late', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  near.write('banner');
  near.reset();
  await settled();
  const heard: string[] = [];
  far.on('data', (chunk) => heard.push(String(chunk)));
  expect(await failure(far)).toMatchObject({ code: 'ECONNRESET' });
  expect(heard).toEqual(['banner']);
});

test('the first write to a closed peer is swallowed, the next one fails', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  far.destroy();
  await once(near.resume(), 'end');
  const write = () => new Promise((resolve) => near.write('x', resolve));
  expect(await write()).toBeFalsy();
  expect(await write()).toMatchObject({ code: 'EPIPE', syscall: 'write' });
  expect(near.destroyed).toBe(true);
});

test('10 MB pass at the pace of the reader', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  const piece = Buffer.alloc(64 * 1024);
  const total = 160;
  let taken = 0;
  const write = () => new Promise((resolve) => near.write(piece, resolve));
  const writing = (async () => {
    for (; taken < total; taken += 1) await write();
    near.end();
  })();
  await settled();
  // Nobody reads yet, so the writer stands still.
  expect(taken).toBeLessThan(4);

  let received = 0;
  for await (const chunk of far) {
    received += (chunk as Buffer).length;
    expect(taken * piece.length - received).toBeLessThan(4 * piece.length);
  }
  await writing;
  expect(received).toBe(total * piece.length);
});

test('a writer that waits for room learns that the peer is gone', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  const write = () => new Promise((resolve) => near.write(Buffer.alloc(200_000), resolve));
  const results = Promise.all([write(), write()]);
  await settled();
  far.destroy();
  expect(await results).toEqual([null, expect.objectContaining({ code: 'EPIPE' })]);
});

test('one large write passes at the pace of the reader too', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => index % 251));
  near.end(bytes);
  far.read(0);
  await settled();
  expect(far.readableLength).toBeLessThan(200_000);
  const chunks: Buffer[] = [];
  for await (const chunk of far) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
});

test('a socket knows its ends', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  expect(near).toMatchObject({ connecting: false, localAddress: '10.0.0.1', remoteAddress: '10.0.0.2' });
  expect(near.remotePort).toBe(7);
  expect(near.localPort).toBeGreaterThan(1024);
  expect(far).toMatchObject({ localAddress: '10.0.0.2', localPort: 7, remoteAddress: '10.0.0.1' });
  expect(far.remotePort).toBe(near.localPort);
  const [other] = await connected(client, server);
  expect(other.localPort).not.toBe(near.localPort);
});

test("Node's HTTP server and client work over it, thousands of requests a second", async () => {
  const { client, server } = clientAndServer();
  const http = createServer((incoming, response) => {
    incoming
      .on('data', () => {})
      .on('end', () => response.end(`${incoming.url} ${incoming.socket.remoteAddress}`));
  });
  server.listen(8080, (socket) => http.emit('connection', socket));

  const get = (path: string) =>
    new Promise<string>((resolve, reject) => {
      const createConnection = () => client.connect({ host: '10.0.0.2', port: 8080 }) as unknown as Socket;
      const request = sendRequest({
        path,
        method: 'POST',
        createConnection,
        headers: { connection: 'close' },
      });
      request.on('error', reject).on('response', (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve(body));
      });
      request.end('body');
    });
  const paths = Array.from({ length: 500 }, (_, index) => `/${index}`);
  const started = performance.now();
  const answers = await Promise.all(paths.map(get));
  expect(answers).toEqual(paths.map((path) => `${path} 10.0.0.1`));
  expect(performance.now() - started).toBeLessThan(2000);
});

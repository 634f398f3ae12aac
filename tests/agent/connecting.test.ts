import { createServer, Socket } from 'node:net';
import { Duplex, duplexPair } from 'node:stream';
import { expect } from '@playwright/test';
import { EchoService } from '../../fixtures/agent/echo.ts';
import type { Echo, ProbeRequest } from '../../fixtures/agent/protocol.ts';
import { probe, send, test } from './harness.ts';

/** A port on which nobody listens: one that was just given and given back. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a refused connection is an error of connecting, between no ends', async () => {
  const observation = await send(probe({ port: await unusedPort() }));
  expect(observation.error).toMatchObject({ stage: 'connect', code: 'ECONNREFUSED', bytes: 0 });
  expect(observation.local).toBeUndefined();
  expect(observation.peer).toBeUndefined();
  expect(observation.timings.connectedMs).toBeUndefined();
});

for (const protocol of ['http/1.1', 'h2', 'websocket', 'tcp'] as const) {
  for (const tls of [undefined, {}]) {
    const name = `${protocol}${tls === undefined ? '' : ' over TLS'}`;
    test(`a connection that is reset as soon as it stands was one, for ${name}`, async ({ listen }) => {
      const port = await listen(createServer((socket) => socket.resetAndDestroy()));
      const request = probe({ port, protocol, payload: 'x', ...(tls === undefined ? {} : { tls }) });
      const { error, local, peer } = await send(request);
      expect(error).toMatchObject({ code: 'ECONNRESET', bytes: 0 });
      expect(tls === undefined ? ['send', 'receive'] : ['tls']).toContain(error?.stage);
      expect(local).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(peer).toBe(`127.0.0.1:${port}`);
    });
  }
}

test('a name that cannot be is an error of resolving', async () => {
  // A label has at most 63 characters, so no resolver needs to ask anyone.
  const { error } = await send(probe({ port: 80, host: `${'x'.repeat(64)}.invalid` }));
  expect(error).toMatchObject({ stage: 'resolve', bytes: 0 });
  expect(error?.message).toContain('getaddrinfo');
});

test('an unanswered connection attempt ends with its own time-out', async () => {
  const silent = new Socket();
  const request = probe({ port: 80, connectTimeoutMs: 20 });
  const { error, peer } = await send(request, { connect: () => silent });
  expect(error).toEqual({
    stage: 'connect',
    code: 'ETIMEDOUT',
    message: 'No connection within 20 ms.',
    bytes: 0,
  });
  expect(peer).toBeUndefined();
  expect(silent.destroyed).toBe(true);
});

test('an unanswered connection attempt ends with the whole probe, if that is over first', async () => {
  const silent = new Socket();
  const { error } = await send(probe({ port: 80, timeoutMs: 20 }), { connect: () => silent });
  expect(error).toMatchObject({ stage: 'connect', code: 'ETIMEDOUT', bytes: 0 });
  expect(silent.destroyed).toBe(true);
});

test('a way to connect that fails at once is an observation', async () => {
  const connect = () => {
    throw new RangeError('no way');
  };
  const { error } = await send(probe({ port: 80 }), { connect });
  expect(error).toMatchObject({ stage: 'connect', code: 'RangeError', message: 'no way' });
});

// Over a pair of streams nothing takes time, so these time-outs can be short.
test('an answer that never comes is a time-out of receiving', async () => {
  const connect = () => duplexPair()[0];
  const { error } = await send(probe({ port: 80, timeoutMs: 50 }), { connect });
  expect(error).toMatchObject({ stage: 'receive', code: 'ETIMEDOUT', bytes: 0 });
});

test('an answer that stops half-way is a time-out that counts what came', async () => {
  const half = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf';
  const connect = () => {
    const [client, server] = duplexPair();
    server.once('data', () => server.write(half));
    return client;
  };
  const { error, timings } = await send(probe({ port: 80, timeoutMs: 200 }), { connect });
  expect(error).toMatchObject({ stage: 'receive', code: 'ETIMEDOUT', bytes: half.length });
  expect(timings.firstByteMs).toBeDefined();
});

test('a request that nobody reads is a time-out of sending', async () => {
  const stuck = new Duplex({ read() {}, write() {} });
  const { error } = await send(probe({ port: 80, timeoutMs: 20 }), { connect: () => stuck });
  expect(error).toMatchObject({ stage: 'send', code: 'ETIMEDOUT', bytes: 0 });
  expect(stuck.destroyed).toBe(true);
});

for (const protocol of ['http/1.1', 'h2', 'grpc'] as const) {
  test(`${protocol} goes over any stream that a connection is made of`, async () => {
    const service = new EchoService({ pod: 'echo-1', namespace: 'here' });
    const streams: Duplex[] = [];
    const connect = (_probe: ProbeRequest) => {
      const [client, server] = duplexPair();
      void service.serve(server);
      streams.push(client);
      return client;
    };
    const http = { method: 'POST', target: '/x', body: 'hello' };
    const { response, error } = await send(probe({ port: 80, protocol, http }), { connect });
    expect(error).toBeUndefined();
    expect(response?.headers['x-alp-echo']).toEqual(['echo-1/here']);
    // A message of gRPC has its length in front.
    const { body } = response!;
    expect((JSON.parse(body.slice(body.indexOf('{'))) as Echo).target).toBe('/x');
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true]);
  });
}

test('a stream that is torn down is a reset', async () => {
  const connect = () => {
    const [client, server] = duplexPair();
    server.once('data', () => client.destroy());
    return client;
  };
  const { error } = await send(probe({ port: 80 }), { connect });
  expect(error).toMatchObject({ stage: 'receive', code: 'ECONNRESET', bytes: 0 });
});

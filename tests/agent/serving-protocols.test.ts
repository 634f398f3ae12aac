import { once } from 'node:events';
import { connect } from 'node:net';
import { type Client, credentials, Metadata, makeGenericClientConstructor } from '@grpc/grpc-js';
import { test as base, expect } from '@playwright/test';
import { WebSocket } from 'ws';
import { runBatch } from '../../fixtures/agent/batch.ts';
import type { Echo } from '../../fixtures/agent/protocol.ts';
import { type Serving, serve } from '../../fixtures/agent/serve.ts';
import { probe, send } from './harness.ts';

const test = base.extend<{ echo: Serving & { port: number; lines: string[] } }>({
  echo: async ({}, use) => {
    const lines: string[] = [];
    const identity = { pod: 'echo-7d9f', namespace: 'shop' };
    const log = (line: string) => lines.push(line);
    const serving = await serve(identity, { ports: [0], tcp: 0, banner: 0, host: '127.0.0.1', log });
    await use({ ...serving, port: serving.ports[0]!, lines });
    await serving.close();
  },
});

test('answers gRPC by its own prober with the echo as one message', async ({ echo: { port, lines } }) => {
  const request = probe({
    port,
    protocol: 'grpc',
    http: { method: 'POST', target: '/pkg.Service/Method', body: 'x' },
  });
  const { response, error, local } = await send(request);
  expect(error).toBeUndefined();
  expect(response).toMatchObject({ status: 200, grpcStatus: 0, trailers: { 'grpc-status': ['0'] } });
  expect(response?.headers).toMatchObject({
    'content-type': ['application/grpc'],
    'x-alp-echo': ['echo-7d9f/shop'],
  });
  const echo = JSON.parse(response!.body.slice(5)) as Echo;
  expect(echo).toMatchObject({
    method: 'POST',
    target: '/pkg.Service/Method',
    httpVersion: '2',
    peer: local,
  });
  expect(response?.bodyBytes).toBe(5 + JSON.stringify(echo).length);
  expect(lines).toEqual([`POST /pkg.Service/Method alp-conformance/${request.id}`]);
});

test('answers a gRPC client by another hand', async ({ echo: { port } }) => {
  const raw = (bytes: Buffer) => bytes;
  const GenericClient = makeGenericClientConstructor({}, 'none');
  const client: Client = new GenericClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const answer = await new Promise<Buffer>((resolve, reject) => {
    client.makeUnaryRequest('/a.B/C', raw, raw, Buffer.from('hi'), new Metadata(), (error, value) =>
      value === undefined ? reject(error) : resolve(value),
    );
  });
  client.close();
  expect(JSON.parse(answer.toString()) as Echo).toMatchObject({ echo: 'alp-conformance', target: '/a.B/C' });
});

test('answers whatever else looks like gRPC as it answers everything', async ({ echo: { port } }) => {
  for (const contentType of ['application/grpc-web', 'application/json']) {
    const headers: [string, string][] = [['content-type', contentType]];
    const { response } = await send(
      probe({ port, protocol: 'h2', http: { method: 'POST', target: '/', headers } }),
    );
    expect(response?.headers['content-type']).toEqual(['application/json']);
  }
});

test('gives back the messages of its own prober, and tells its log of the opening', async ({
  echo: { port, lines },
}) => {
  const http = { method: 'GET', target: '/ws' };
  const batch = ['one', 'two'].map((payload) =>
    probe({ port, protocol: 'websocket', http, payload, connection: 'held' }),
  );
  const [first, second] = await runBatch(batch);
  expect(first).toMatchObject({ response: { status: 101 }, text: 'one' });
  expect(first?.response?.headers['x-alp-echo']).toEqual(['echo-7d9f/shop']);
  expect(second?.text).toBe('two');
  expect(lines).toEqual([`GET /ws alp-conformance/${batch[0]!.id}`]);
});

test('gives back the messages of a WebSocket client by another hand, answers its ping and its goodbye', async ({
  echo: { port },
}) => {
  const client = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  await once(client, 'open');
  for (const text of ['hello', 'caf\u00e9 \u2603', '', 'x'.repeat(60_000)]) {
    client.send(text);
    const [message] = (await once(client, 'message')) as [Buffer];
    expect(message.toString()).toBe(text);
  }
  client.ping('there?');
  expect(String((await once(client, 'pong'))[0])).toBe('there?');
  client.close(1000);
  expect((await once(client, 'close'))[0]).toBe(1000);
});

for (const [title, request] of [
  ['without a key', 'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n'],
  [
    'to another protocol',
    'GET / HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: x\r\n\r\n',
  ],
  [
    'that goes to the next hop alone',
    'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: close\r\nSec-WebSocket-Key: x\r\n\r\n',
  ],
  [
    'by POST',
    'POST / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: x\r\n\r\n',
  ],
] as const) {
  test(`an upgrade ${title} is not made`, async ({ echo: { port } }) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(request);
    const heard = (await socket.toArray()).join('');
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });
}

test('ends a WebSocket that breaks its rules', async ({ echo: { port } }) => {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  expect(head.toString()).toMatch(/^HTTP\/1\.1 101 /);
  expect(head.toString()).toContain('sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n');
  socket.on('error', () => {}).write(Buffer.from([0x81, 0x01, 0x68]));
  await once(socket, 'close');
});

test('says its banner before it has heard anything, then gives back what it gets', async ({
  echo: { banner },
}) => {
  const port = banner!;
  const silent = await send(probe({ port, protocol: 'tcp' }));
  expect(silent.text).toBe('alp-conformance banner\n');
  const [first, second] = await runBatch(
    ['one', 'two'].map((payload) => probe({ port, protocol: 'tcp', payload, connection: 'held' })),
  );
  expect(first?.text).toBe('alp-conformance banner\none');
  expect(second?.text).toBe('two');
});

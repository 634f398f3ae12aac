import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { test as base, expect } from '@playwright/test';
import { runBatch } from '../../fixtures/agent/batch.ts';
import type { Echo, Observation } from '../../fixtures/agent/protocol.ts';
import { type Serving, serve } from '../../fixtures/agent/serve.ts';
import { probe, send } from './harness.ts';

const test = base.extend<{ echo: Serving & { port: number } }>({
  echo: async ({}, use) => {
    const identity = { pod: 'echo-7d9f', namespace: 'shop' };
    const serving = await serve(identity, { ports: [0, 0], tcp: 0, host: '127.0.0.1' });
    await use({ ...serving, port: serving.ports[0]! });
    await serving.close();
  },
});

function echoOf({ response }: Observation): Echo {
  expect(response?.status).toBe(200);
  expect(response?.headers['content-type']).toEqual(['application/json']);
  expect(response?.headers['x-alp-echo']).toEqual(['echo-7d9f/shop']);
  return JSON.parse(response!.body) as Echo;
}

/** Sends bytes and gathers what comes until the server ends the connection. */
async function talk(port: number, ...pieces: string[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
  });
  for (const piece of pieces) await new Promise((resolve) => socket.write(piece, 'latin1', resolve));
  await once(socket, 'end');
  socket.destroy();
  return heard;
}

for (const protocol of ['http/1.1', 'h2'] as const) {
  test(`answers ${protocol} with what it saw`, async ({ echo: { port } }) => {
    const headers: [string, string][] = [
      ['X-A', '1'],
      ['x-a', '2'],
    ];
    const request = probe({
      port,
      protocol,
      http: { method: 'DELETE', target: '/a%2F..\\b;c?d#e', headers, body: 'some' },
    });
    const observation = await send(request);
    const echo = echoOf(observation);
    expect(echo).toMatchObject({
      echo: 'alp-conformance',
      pod: 'echo-7d9f',
      namespace: 'shop',
      method: 'DELETE',
      target: '/a%2F..\\b;c?d#e',
      httpVersion: protocol === 'h2' ? '2' : '1.1',
      peer: observation.local,
      served: 0,
    });
    expect(echo.headers['x-a']).toEqual(['1', '2']);
    expect(echo.headers['user-agent']).toEqual([`alp-conformance/${request.id}`]);
    expect(echo.headers[protocol === 'h2' ? ':authority' : 'host']).toEqual([`127.0.0.1:${port}`]);
  });

  test(`answers HEAD by ${protocol} with its header alone`, async ({ echo: { port } }) => {
    const { response } = await send(probe({ port, protocol, http: { method: 'HEAD', target: '/' } }));
    expect(response).toMatchObject({ status: 200, body: '', bodyBytes: 0 });
    expect(response?.headers['x-alp-echo']).toEqual(['echo-7d9f/shop']);
  });

  test(`answers CONNECT by ${protocol} with its header alone`, async ({ echo: { port } }) => {
    const http = { method: 'CONNECT', target: 'shop.test:443' };
    const { response } = await send(probe({ port, protocol, http }));
    expect(response).toMatchObject({ status: 200, body: '', bodyBytes: 0 });
    expect(response?.headers['x-alp-echo']).toEqual(['echo-7d9f/shop']);
  });
}

test('tells its log of every probe it answered, and of nothing else', async () => {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const serving = await serve({ pod: '', namespace: '' }, { ports: [0], host: '127.0.0.1', log });
  const port = serving.ports[0]!;
  const batch = [
    probe({ port, http: { method: 'POST', target: '/one' } }),
    probe({ port, http: { method: 'GET', target: '/', headers: [['User-Agent', 'kube-probe/1.34']] } }),
    probe({ port, protocol: 'h2', http: { method: 'GET', target: '/two' } }),
  ];
  await runBatch(batch, { parallel: 1 });
  await serving.close();
  expect(lines).toEqual([
    `POST /one alp-conformance/${batch[0]!.id}`,
    `GET /two alp-conformance/${batch[2]!.id}`,
  ]);
});

test('answers methods that no standard knows', async ({ echo: { port } }) => {
  for (const method of ['get', 'BREW', 'M-SEARCH', '!']) {
    expect(echoOf(await send(probe({ port, http: { method, target: '*' } })))).toMatchObject({
      method,
      target: '*',
    });
  }
});

test('counts what it served over all its ports, protocols and connections', async ({ echo: { ports } }) => {
  const observations = await runBatch(
    [
      probe({ port: ports[0]!, connection: 'a' }),
      probe({ port: ports[1]!, protocol: 'h2' }),
      probe({ port: ports[0]!, connection: 'a' }),
    ],
    { parallel: 1 },
  );
  expect(observations.map((observation) => echoOf(observation).served)).toEqual([0, 1, 2]);
  expect(observations[2]?.reused).toBe(true);
});

test('answers pipelined requests in order, whatever way their bodies are sent', async ({
  echo: { port },
}) => {
  const heard = await talk(
    port,
    'POST /one HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
    '0\r\n\r\nPOST /two HTTP/1.1\r\nContent-Length: 4\r\n\r\nfour',
    'GET /three HTTP/1.1\r\nConnection: close\r\n\r\n',
  );
  expect([...heard.matchAll(/"target":"([^"]*)"/g)].map(([, target]) => target)).toEqual([
    '/one',
    '/two',
    '/three',
  ]);
});

test('lets a client go on that waits before it sends its body', async ({ echo: { port } }) => {
  const socket = connect(port, '127.0.0.1');
  socket.write('PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n');
  const [interim] = (await once(socket, 'data')) as [Buffer];
  expect(interim.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('ok');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toContain('HTTP/1.1 200 OK\r\n');
  socket.destroy();
});

test('closes an HTTP/1.0 connection, and one whose client is done', async ({ echo: { port } }) => {
  expect(await talk(port, 'GET / HTTP/1.0\r\n\r\n')).toContain('"httpVersion":"1.0"');
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end('GET /half HTTP/1.1\r\n\r\n');
  const heard = (await socket.toArray()).join('');
  expect(heard).toContain('"target":"/half"');
  socket.destroy();
});

for (const [title, bytes] of [
  ['no request line', 'hello\r\n\r\n'],
  ['another protocol', '\u0016\u0003\u0001\u0002\n'],
  ['almost the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n'],
  ['a broken header', 'GET / HTTP/1.1\r\nno colon\r\n\r\n'],
  ['a broken length', 'GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n'],
] as const) {
  test(`answers ${title} with 400, and not as an echo`, async ({ echo: { port } }) => {
    const heard = await talk(port, bytes);
    expect(heard).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(heard).not.toContain('x-alp-echo');
  });
}

test('goes on after clients that let it down', async ({ echo: { port } }) => {
  const bad: Socket[] = [];
  for (const bytes of [
    'GET / HTTP/1.1\r\nHost',
    'POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf',
    'PRI * HT',
  ]) {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.write(bytes, resolve));
    socket.resetAndDestroy();
    bad.push(socket);
  }
  await Promise.all(bad.map((socket) => socket.closed || once(socket, 'close')));
  expect(echoOf(await send(probe({ port }))).served).toBe(0);
});

test('ends HTTP/2 connections that their client ends', async ({ echo: { port } }) => {
  const socket = connect(port, '127.0.0.1');
  const session = connectHttp2('http://echo.test', { createConnection: () => socket });
  const request = session.request({ ':path': '/' });
  await request.resume().toArray();
  socket.end();
  await once(socket, 'close');
  expect(session.destroyed).toBe(true);
});

test('gives back the bytes it gets by TCP, to their end', async ({ echo: { tcp } }) => {
  const socket = connect({ port: tcp!, host: '127.0.0.1', allowHalfOpen: true });
  socket.end('hello\r\n');
  expect((await socket.toArray()).join('')).toBe('hello\r\n');
  socket.destroy();
});

test('cuts every connection when it is closed', async () => {
  const serving = await serve({ pod: '', namespace: '' }, { ports: [0], tcp: 0, host: '127.0.0.1' });
  const sockets = [serving.ports[0]!, serving.tcp!].map((port) => connect(port, '127.0.0.1'));
  for (const socket of sockets) {
    await once(socket, 'connect');
    socket.on('error', () => {});
  }
  const closed = sockets.map((socket) => once(socket, 'close'));
  await Promise.all([serving.close(), ...closed]);
});

test('leaves no port open when one of them is taken', async ({ echo: { port } }) => {
  const identity = { pod: '', namespace: '' };
  const free = await serve(identity, { ports: [0], host: '127.0.0.1' });
  await free.close();
  const ports = [free.ports[0]!, port];
  await expect(serve(identity, { ports, host: '127.0.0.1' })).rejects.toThrow('EADDRINUSE');
  const { error } = await send(probe({ port: free.ports[0]! }));
  expect(error?.code).toBe('ECONNREFUSED');
});

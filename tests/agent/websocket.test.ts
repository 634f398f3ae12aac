import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import type { Server, Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { expect } from '@playwright/test';
import { type WebSocket, WebSocketServer } from 'ws';
import { runBatch } from '../../fixtures/agent/batch.ts';
import { acceptOf } from '../../fixtures/agent/websocket-handshake.ts';
import { answering, end, type Listen, probe as probeOf, scripted, send, test } from './harness.ts';

const probe = (request: Parameters<typeof probeOf>[0]) =>
  probeOf({ protocol: 'websocket', http: { method: 'GET', target: '/ws' }, ...request });

/** A WebSocket server by another hand. */
async function listenWebSocket(
  listen: Listen,
  onSocket: (socket: WebSocket, request: IncomingMessage) => void,
): Promise<number> {
  const server = createHttpServer();
  new WebSocketServer({ server }).on('connection', onSocket);
  return listen(server as Server);
}

const echo = (socket: WebSocket) => {
  socket.on('message', (message, isBinary) => socket.send(message, { binary: isBinary }));
};

/** A server that opens the WebSocket of whoever asks, says these bytes and then does as told. */
function opening(bytes: readonly number[] | string, then: (socket: Socket) => void = () => {}): Server {
  return scripted((socket, request) => {
    const key = /^sec-websocket-key: (.*)\r$/im.exec(request)?.[1] ?? '';
    const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`;
    socket.write(Buffer.concat([Buffer.from(head), Buffer.from(bytes as string, 'latin1')]), () =>
      then(socket),
    );
  });
}

test('the key is accepted as in the example of RFC 6455', () => {
  expect(acceptOf('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
});

test.describe('a WebSocket', () => {
  test('is opened and gives back what was said, which is not the same each time on the wire', async ({
    listen,
  }) => {
    const requests: IncomingMessage[] = [];
    const messages: string[] = [];
    const port = await listenWebSocket(listen, (socket, request) => {
      requests.push(request);
      socket.on('message', (message) => messages.push(String(message)));
      echo(socket);
    });
    const first = probe({ port });
    const [one, two] = await runBatch([
      first,
      probe({ port, payload: Buffer.from('caf\u00e9').toString('latin1') }),
    ]);
    expect(one?.error).toBeUndefined();
    expect(one).toMatchObject({ response: { status: 101, body: '', bodyBytes: 0 }, text: 'alp-conformance' });
    expect(two).toMatchObject({ response: { status: 101 }, text: 'caf\u00e9' });
    expect(messages.sort()).toEqual(['alp-conformance', 'caf\u00e9']);
    expect(requests.find(({ headers }) => headers['user-agent'] === `alp-conformance/${first.id}`)?.url).toBe(
      '/ws',
    );
    expect(new Set(requests.map(({ headers }) => headers['sec-websocket-key'])).size).toBe(2);
  });

  test('is asked for with the headers of the probe, where it has them', async ({ listen }) => {
    let seen: string[] = [];
    const port = await listenWebSocket(listen, (socket, request) => {
      seen = request.rawHeaders;
      echo(socket);
    });
    const headers: [string, string][] = [
      ['SEC-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
      ['Host', 'shop'],
      ['upgrade', 'WebSocket'],
    ];
    const { text } = await send(probe({ port, http: { method: 'GET', target: '/', headers } }));
    expect(text).toBe('alp-conformance');
    expect(seen.slice(0, 6)).toEqual(headers.flat());
    expect(seen.slice(6).filter((_value, index) => index % 2 === 0)).toEqual([
      'Connection',
      'Sec-WebSocket-Version',
      'User-Agent',
    ]);
  });

  test('stays for the probes that name it, which only say something more', async ({ listen }) => {
    let opened = 0;
    const port = await listenWebSocket(listen, (socket) => {
      opened += 1;
      echo(socket);
    });
    const observations = await runBatch(
      ['one', 'two', 'three'].map((payload) => probe({ port, connection: 'held', payload })),
    );
    expect(observations.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    expect(observations.map(({ response }) => response?.status)).toEqual([101, undefined, undefined]);
    expect(observations.map(({ reused }) => reused)).toEqual([undefined, true, true]);
    expect(opened).toBe(1);
  });

  test('is opened again when the peer has closed it', async ({ listen }) => {
    const port = await listenWebSocket(listen, (socket) => {
      socket.on('message', (message) => {
        socket.send(String(message));
        socket.close();
      });
    });
    // The second waits for the first's answer alone, so it may find the end of the WebSocket or be the first to hear it.
    const [first, second] = await runBatch([1, 2].map(() => probe({ port, connection: 'held' })));
    expect(first?.text).toBe('alp-conformance');
    expect(second?.text ?? second?.error?.code).toMatch(/alp-conformance|EOF/);
  });

  test('answers pings and hears a message that comes in pieces', async ({ listen }) => {
    const ponged = Promise.withResolvers<string>();
    const port = await listenWebSocket(listen, (socket) => {
      socket.on('pong', (data) => ponged.resolve(String(data)));
      socket.on('message', (message) => {
        socket.ping('are you there');
        socket.pong();
        socket.send(String(message).slice(0, 4), { fin: false });
        socket.ping();
        socket.send(String(message).slice(4), { fin: true });
      });
    });
    const { text, error } = await send(probe({ port }));
    expect(error).toBeUndefined();
    expect(text).toBe('alp-conformance');
    expect(await ponged.promise).toBe('are you there');
  });

  for (const length of [125, 126, 4096, 65_535]) {
    test(`carries ${length} bytes`, async ({ listen }) => {
      const payload = 'x'.repeat(length);
      let heard = 0;
      const port = await listenWebSocket(listen, (socket) => {
        socket.on('message', (message) => {
          heard = String(message).length;
          socket.send(String(message));
        });
      });
      const { text } = await send(probe({ port, payload }));
      expect(heard).toBe(length);
      expect(text).toBe(payload.slice(0, 4096));
    });
  }

  test('does not carry more', async ({ listen }) => {
    const port = await listenWebSocket(listen, echo);
    const { error, response } = await send(probe({ port, payload: 'x'.repeat(65_536) }));
    expect(error).toMatchObject({ stage: 'send', code: 'EINVAL' });
    expect(response?.status).toBe(101);
  });
});

test.describe('a WebSocket that is not', () => {
  test('is whatever was answered instead, and its connection is not kept', async ({ listen }) => {
    const port = await listen(answering('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'));
    const observations = await runBatch([1, 2].map(() => probe({ port, connection: 'held' })));
    for (const { response, text, error, reused } of observations) {
      expect(response).toMatchObject({ status: 403, body: 'no' });
      expect([text, error, reused]).toEqual([undefined, undefined, undefined]);
    }
  });

  test('is malformed when its key was not accepted', async ({ listen }) => {
    const head = 'HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\n\r\n';
    const { error, response } = await send(probe({ port: await listen(answering(head)) }));
    expect(error).toMatchObject({ stage: 'receive', code: 'EMALFORMED' });
    expect(response).toBeUndefined();
  });

  const endings: [title: string, bytes: readonly number[], then: (socket: Socket) => void, code: string][] = [
    ['the peer closes', [0x88, 0x02, 0x03, 0xe8], () => {}, 'EOF'],
    ['the connection ends', [], end, 'EOF'],
    ['the connection ends within a frame', [0x81, 0x05, 0x68], end, 'EOF'],
    ['the connection is reset', [], (socket) => socket.resetAndDestroy(), 'ECONNRESET'],
    ['a frame is masked', [0x81, 0x81, 1, 2, 3, 4, 5], () => {}, 'EMALFORMED'],
    ['a frame uses an extension', [0xc1, 0x01, 0x68], () => {}, 'EMALFORMED'],
    ['a frame is of no kind', [0x83, 0x00], () => {}, 'EMALFORMED'],
    ['a ping is in pieces', [0x09, 0x00], () => {}, 'EMALFORMED'],
    ['a ping is too long', [0x89, 0x7e, 0, 126], () => {}, 'EMALFORMED'],
    ['a message is too long', [0x81, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0], () => {}, 'EMALFORMED'],
    ['a piece follows nothing', [0x80, 0x00], () => {}, 'EMALFORMED'],
    ['a message begins within another', [0x01, 0x00, 0x81, 0x00], () => {}, 'EMALFORMED'],
  ];
  for (const [title, bytes, then, code] of endings) {
    test(`keeps its opening beside the error when ${title}`, async ({ listen }) => {
      const { error, response, text } = await send(probe({ port: await listen(opening(bytes, then)) }));
      expect(error).toMatchObject({ code });
      expect(response?.status).toBe(101);
      expect(text).toBeUndefined();
    });
  }

  test('is a time-out when nothing comes back', async () => {
    const connect = () => {
      const [client, server] = duplexPair();
      server.on('data', (chunk) => {
        const key = /sec-websocket-key: (.*)\r/i.exec(String(chunk))?.[1];
        if (key !== undefined) {
          server.write(`HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`);
        }
      });
      return client;
    };
    const { error, response } = await send(probe({ port: 80, timeoutMs: 200 }), { connect });
    expect(error).toMatchObject({ stage: 'receive', code: 'ETIMEDOUT' });
    expect(response?.status).toBe(101);
  });

  test('leaves nothing open', async ({ listen }) => {
    const closed = Promise.withResolvers<void>();
    const port = await listenWebSocket(listen, (socket) => {
      echo(socket);
      socket.on('close', () => closed.resolve());
    });
    await send(probe({ port }));
    await closed.promise;
  });
});

test('a WebSocket goes over TLS as over plain TCP', async ({ listen }) => {
  const { Authority } = await import('./certificates.ts');
  const { createServer } = await import('node:https');
  const server = createServer(new Authority('mesh').issue('spiffe://cluster.local/ns/default/sa/frontend'));
  new WebSocketServer({ server }).on('connection', echo);
  const port = await listen(server as unknown as Server);
  const { text, tls } = await send(probe({ port, tls: {} }));
  expect(text).toBe('alp-conformance');
  expect(tls).toMatchObject({ alpn: null });
  await once(server.close(), 'close');
});

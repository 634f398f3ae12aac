import {
  constants,
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createTcpServer, type Server } from 'node:net';
import { expect } from '@playwright/test';
import { runBatch } from '../../fixtures/agent/batch.ts';
import { Authority } from './certificates.ts';
import { probe, send, test } from './harness.ts';

type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: string[]) => unknown;

/** An HTTP/2 server by prior knowledge. */
function h2c(onStream: OnStream): Server {
  const server = createServer();
  server.on('sessionError', () => {});
  server.on('stream', (stream: ServerHttp2Stream, headers, _flags, raw: string[]) => {
    stream.on('error', () => {});
    void onStream(stream, headers, raw);
  });
  return server as Server;
}

const ok: OnStream = (stream) => {
  stream.respond({ ':status': 200 });
  stream.end('ok');
};

function bodyOf(stream: ServerHttp2Stream): Promise<Buffer> {
  return stream.toArray().then((chunks) => Buffer.concat(chunks));
}

test.describe('an HTTP/2 request', () => {
  test('has its method and target as they are, and its headers in their order', async ({ listen }) => {
    let seen: string[] = [];
    const port = await listen(
      h2c((stream, headers, raw) => {
        seen = raw;
        ok(stream, headers, raw);
      }),
    );
    const headers: [string, string][] = [
      ['X-B', '2'],
      ['Host', 'shop.test'],
      ['x-a', '1'],
      ['x-b', '3'],
    ];
    const request = probe({
      port,
      protocol: 'h2',
      http: { method: 'Post', target: '/a\\..\\%00?b', headers },
    });
    const { response, error } = await send(request);
    expect(error).toBeUndefined();
    expect(response).toMatchObject({ status: 200, body: 'ok', bodyBytes: 2 });
    expect(seen).toEqual([
      ...[':method', 'Post', ':scheme', 'http', ':authority', 'shop.test', ':path', '/a\\..\\%00?b'],
      ...['x-b', '2', 'x-a', '1', 'x-b', '3', 'user-agent', `alp-conformance/${request.id}`],
    ]);
  });

  test('names its host and port when no header does', async ({ listen }) => {
    let seen: string | undefined;
    const port = await listen(
      h2c((stream, headers, raw) => {
        seen = headers[':authority'];
        ok(stream, headers, raw);
      }),
    );
    await send(probe({ port, protocol: 'h2' }));
    expect(seen).toBe(`127.0.0.1:${port}`);
  });

  test('has a body with any method', async ({ listen }) => {
    let seen: Buffer = Buffer.alloc(0);
    const port = await listen(
      h2c(async (stream, headers, raw) => {
        seen = await bodyOf(stream);
        ok(stream, headers, raw);
      }),
    );
    const { response } = await send(
      probe({ port, protocol: 'h2', http: { method: 'GET', target: '/', body: 'a\u00ff' } }),
    );
    expect(response?.status).toBe(200);
    expect(seen).toEqual(Buffer.from([0x61, 0xff]));
  });

  test('that HTTP/2 forbids is an observation, and spoils nothing', async ({ listen }) => {
    const port = await listen(h2c(ok));
    const forbidden = { method: 'GET', target: '/', headers: [['Upgrade', 'x']] as [string, string][] };
    const [first, second] = await runBatch([
      probe({ port, protocol: 'h2', connection: 'one', http: forbidden }),
      probe({ port, protocol: 'h2', connection: 'one' }),
    ]);
    expect(first?.error).toMatchObject({
      stage: 'send',
      code: 'ERR_HTTP2_INVALID_CONNECTION_HEADERS',
    });
    expect(second?.response?.status).toBe(200);
  });

  test('goes under TLS with h2 negotiated', async ({ listen }) => {
    const identity = new Authority('mesh').issue('spiffe://cluster.local/ns/default/sa/frontend');
    const server = createSecureServer(identity, (request, response) => {
      response.end(`${request.scheme} ${request.httpVersion}`);
    });
    const { response, tls } = await send(
      probe({ port: await listen(server as unknown as Server), protocol: 'h2', tls: {} }),
    );
    expect(tls?.alpn).toBe('h2');
    expect(response?.body).toBe('https 2.0');
  });
});

test.describe('HTTP/2 connections', () => {
  test('carry the probes that name them', async ({ listen }) => {
    const sessions = new Set<unknown>();
    const port = await listen(
      h2c((stream, headers, raw) => {
        sessions.add(stream.session);
        ok(stream, headers, raw);
      }),
    );
    const observations = await runBatch(
      Array.from({ length: 5 }, () => probe({ port, protocol: 'h2', connection: 'one' })),
    );
    expect(observations.map(({ response }) => response?.status)).toEqual([200, 200, 200, 200, 200]);
    expect(observations.map(({ reused }) => reused)).toEqual([undefined, true, true, true, true]);
    expect(sessions.size).toBe(1);
  });

  test('are opened again when the server is going away', async ({ listen }) => {
    const port = await listen(
      h2c((stream, headers, raw) => {
        stream.session?.goaway();
        ok(stream, headers, raw);
      }),
    );
    const [first, second] = await runBatch(
      [1, 2].map(() => probe({ port, protocol: 'h2', connection: 'one' })),
    );
    expect(first?.response?.status).toBe(200);
    expect(second?.response?.status).toBe(200);
    expect(second?.reused).toBeUndefined();
  });
});

test.describe('an HTTP/2 response', () => {
  test('keeps repeated headers apart and trailers aside', async ({ listen }) => {
    const port = await listen(
      h2c((stream) => {
        stream.respond({ ':status': 403, 'set-cookie': ['a=1', 'b=2'] }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }));
        stream.end('denied');
      }),
    );
    const { response } = await send(probe({ port, protocol: 'h2' }));
    expect(response?.status).toBe(403);
    expect(response?.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(Object.keys(response!.headers).filter((name) => name.startsWith(':'))).toEqual([]);
    expect(response?.trailers).toEqual({ 'x-sum': ['1'] });
    expect(response?.grpcStatus).toBeUndefined();
  });

  test('to HEAD has no body', async ({ listen }) => {
    const port = await listen(
      h2c((stream) => stream.respond({ ':status': 200, 'content-length': '9' }, { endStream: true })),
    );
    const { response } = await send(probe({ port, protocol: 'h2', http: { method: 'HEAD', target: '/' } }));
    expect(response).toMatchObject({ status: 200, body: '', bodyBytes: 0 });
  });

  test('that the server resets is an error that names its code', async ({ listen }) => {
    const port = await listen(h2c((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)));
    const { error, response } = await send(probe({ port, protocol: 'h2' }));
    expect(response).toBeUndefined();
    expect(error).toMatchObject({ stage: 'receive', code: 'ERR_HTTP2_STREAM_ERROR' });
    expect(error?.message).toContain('NGHTTP2_REFUSED_STREAM');
  });

  test('that the server gives up with the whole connection is an error that names its code', async ({
    listen,
  }) => {
    const port = await listen(h2c((stream) => stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM)));
    const { error, response } = await send(probe({ port, protocol: 'h2' }));
    expect(response).toBeUndefined();
    expect(error).toMatchObject({ stage: 'receive', code: 'ERR_HTTP2_SESSION_ERROR' });
    expect(error?.message).toContain(String(constants.NGHTTP2_ENHANCE_YOUR_CALM));
  });

  for (const code of [constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_CANCEL]) {
    test(`that never was, because the stream was closed with code ${code}, is an error`, async ({
      listen,
    }) => {
      const port = await listen(h2c((stream) => stream.close(code)));
      const { error, response } = await send(probe({ port, protocol: 'h2' }));
      expect(response).toBeUndefined();
      expect(error?.stage).toBe('receive');
    });
  }

  for (const [title, how, code] of [
    ['ended', 'end', 'EOF'],
    ['reset', 'resetAndDestroy', 'ECONNRESET'],
  ] as const) {
    test(`whose connection is ${title} half-way is ${code} after some bytes`, async ({ listen }) => {
      let cut = () => {};
      const server = h2c((stream) => {
        stream.respond({ ':status': 200 });
        stream.write('half', () => cut());
      });
      server.on('connection', (socket) => {
        cut = () => socket[how]();
      });
      const { error, response } = await send(probe({ port: await listen(server), protocol: 'h2' }));
      expect(response).toBeUndefined();
      expect(error).toMatchObject({ stage: 'receive', code });
      expect(error?.bytes).toBeGreaterThan(0);
    });

    test(`whose connection is ${title} at once is ${code} without a byte`, async ({ listen }) => {
      const server = createTcpServer((socket) => socket.once('data', () => socket[how]()));
      const port = await listen(server);
      const { error, peer } = await send(probe({ port, protocol: 'h2' }));
      expect(error).toMatchObject({ code, bytes: 0 });
      expect(['send', 'receive']).toContain(error?.stage);
      expect(peer).toBe(`127.0.0.1:${port}`);
    });
  }

  test('that is HTTP/1.1 is malformed', async ({ listen }) => {
    const bytes = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';
    const port = await listen(createTcpServer((socket) => socket.once('data', () => socket.write(bytes))));
    const { error } = await send(probe({ port, protocol: 'h2' }));
    expect(error).toMatchObject({ stage: 'receive', code: 'EMALFORMED', bytes: bytes.length });
  });

  test('that turns into something else is a protocol error', async ({ listen }) => {
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    const port = await listen(
      createTcpServer((socket) =>
        socket.once('data', () => socket.write(Buffer.concat([settings, Buffer.alloc(64, 0xff)]))),
      ),
    );
    const { error } = await send(probe({ port, protocol: 'h2' }));
    expect(error).toMatchObject({ stage: 'receive', code: 'EPROTO' });
  });

  test('that never comes is a time-out', async ({ listen }) => {
    const port = await listen(createTcpServer());
    const { error } = await send(probe({ port, protocol: 'h2', timeoutMs: 1000 }));
    expect(error).toMatchObject({ stage: 'receive', code: 'ETIMEDOUT', bytes: 0 });
  });
});

test.describe('gRPC', () => {
  test('sends one message with its length, and reads the status from the trailers', async ({ listen }) => {
    let message: Buffer = Buffer.alloc(0);
    let seen: IncomingHttpHeaders = {};
    const port = await listen(
      h2c(async (stream, headers) => {
        seen = headers;
        message = await bodyOf(stream);
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () =>
          stream.sendTrailers({ 'grpc-status': '14', 'grpc-message': 'upstream connect error' }),
        );
        stream.end(Buffer.from([0, 0, 0, 0, 0]));
      }),
    );
    const http = { method: 'POST', target: '/grpc.health.v1.Health/Check', body: '\n\u0001\u00ff' };
    const { response } = await send(probe({ port, protocol: 'grpc', http }));
    expect(seen).toMatchObject({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    expect(message).toEqual(Buffer.from([0, 0, 0, 0, 3, 10, 1, 255]));
    expect(response).toMatchObject({ status: 200, bodyBytes: 5, grpcStatus: 14 });
    expect(response?.trailers?.['grpc-message']).toEqual(['upstream connect error']);
  });

  test('sends an empty message when there is no body', async ({ listen }) => {
    let message: Buffer = Buffer.alloc(0);
    const port = await listen(
      h2c(async (stream, headers, raw) => {
        message = await bodyOf(stream);
        ok(stream, headers, raw);
      }),
    );
    await send(probe({ port, protocol: 'grpc', http: { method: 'POST', target: '/x' } }));
    expect(message).toEqual(Buffer.alloc(5));
  });

  test('reads the status of a response that is trailers only', async ({ listen }) => {
    const port = await listen(
      h2c((stream) =>
        stream.respond(
          {
            ':status': 200,
            'content-type': 'application/grpc',
            'grpc-status': '7',
            'grpc-message': 'denied',
          },
          { endStream: true },
        ),
      ),
    );
    const { response, error } = await send(
      probe({ port, protocol: 'grpc', http: { method: 'POST', target: '/x' } }),
    );
    expect(error).toBeUndefined();
    expect(response).toMatchObject({ status: 200, bodyBytes: 0, grpcStatus: 7 });
  });
});

import { createServer } from 'node:net';
import { expect } from '@playwright/test';
import type { HttpRequest } from '../../fixtures/agent/protocol.ts';
import { answering, end, probe, scripted, send, test } from './harness.ts';

const empty = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

test.describe('an HTTP/1.1 request', () => {
  const lines: [method: string, target: string][] = [
    ['GET', '/'],
    ['get', '/static\\..\\cart'],
    ['PROPFIND', '/a%00b'],
    ['OPTIONS', '*'],
    ['CONNECT', 'example.test:443'],
    ['GET', 'http://other.test/x?y#z'],
    ['GET', '//./..;/%2e%2E/%2f'],
    ['G\u00e9T', '/\u00ff\u00fe'],
    ['', 'no-slash'],
  ];
  for (const [method, target] of lines) {
    test(`has ${JSON.stringify(`${method} ${target}`)} byte for byte in its first line`, async ({
      listen,
    }) => {
      let seen = '';
      const port = await listen(
        scripted((socket, request) => {
          seen = request;
          socket.end(empty);
        }),
      );
      const { response } = await send(probe({ port, http: { method, target } }));
      expect(response?.status).toBe(200);
      expect(seen.split('\r\n')[0]).toBe(`${method} ${target} HTTP/1.1`);
    });
  }

  const requests: [title: string, http: HttpRequest, connection: string | undefined, seen: string[]][] = [
    [
      'gets the headers it lacks',
      { method: 'GET', target: '/' },
      undefined,
      ['Host: 127.0.0.1:PORT', 'User-Agent: alp-conformance/ID', 'Connection: close'],
    ],
    [
      'asks to be kept when it names its connection',
      { method: 'GET', target: '/' },
      'one',
      ['Host: 127.0.0.1:PORT', 'User-Agent: alp-conformance/ID'],
    ],
    [
      'keeps what it has, in its order and spelling',
      {
        method: 'GET',
        target: '/',
        headers: [
          ['x-B', '2'],
          ['user-AGENT', 'mine'],
          ['X-a', ' 1'],
          ['HOST', 'shop'],
          ['x-b', ''],
          ['connection', 'Upgrade'],
        ],
      },
      undefined,
      ['x-B: 2', 'user-AGENT: mine', 'X-a:  1', 'HOST: shop', 'x-b: ', 'connection: Upgrade'],
    ],
    [
      'gets a length for an empty body',
      { method: 'POST', target: '/', body: '' },
      'one',
      ['Host: 127.0.0.1:PORT', 'User-Agent: alp-conformance/ID', 'Content-Length: 0'],
    ],
    [
      'gets no length beside Transfer-Encoding',
      { method: 'POST', target: '/', body: '', headers: [['Transfer-Encoding', 'chunked']] },
      'one',
      ['Host: 127.0.0.1:PORT', 'Transfer-Encoding: chunked', 'User-Agent: alp-conformance/ID'],
    ],
  ];
  for (const [title, http, connection, expected] of requests) {
    test(title, async ({ listen }) => {
      let seen = '';
      const port = await listen(
        scripted((socket, request) => {
          seen = request;
          socket.end(empty);
        }),
      );
      const request = probe({ port, http, ...(connection === undefined ? {} : { connection }) });
      await send(request);
      const lines = expected.map((line) => line.replace('PORT', String(port)).replace('ID', request.id));
      expect(seen.split('\r\n').slice(1, -2)).toEqual(lines);
    });
  }

  test('has a body of the bytes given, and their number as its length', async ({ listen }) => {
    const body = Buffer.from('caf\u00e9 \u2603').toString('latin1');
    const received: Buffer[] = [];
    const port = await listen(
      createServer((socket) => {
        socket.on('data', (chunk) => {
          received.push(chunk);
          if (Buffer.concat(received).toString('latin1').endsWith(body)) socket.end(empty);
        });
      }),
    );
    await send(probe({ port, http: { method: 'POST', target: '/', body } }));
    const request = Buffer.concat(received).toString();
    expect(request).toContain(`Content-Length: ${body.length}\r\n`);
    expect(request.split('\r\n\r\n')[1]).toBe('caf\u00e9 \u2603');
  });

  test('is sent whole when it is larger than the buffers of the connection', async ({ listen }) => {
    const length = 8 * 1024 * 1024;
    let received = 0;
    const port = await listen(
      createServer((socket) => {
        let head = '';
        socket.on('data', (chunk) => {
          if (!head.includes('\r\n\r\n')) {
            head += chunk.toString('latin1');
            received = head.length - head.indexOf('\r\n\r\n') - 4;
          } else received += chunk.length;
          if (received === length) socket.end(empty);
        });
      }),
    );
    const http = { method: 'PUT', target: '/', body: 'x'.repeat(length) };
    const { response, error } = await send(probe({ port, http }));
    expect(error).toBeUndefined();
    expect(response?.status).toBe(200);
    expect(received).toBe(length);
  });
});

test.describe('an HTTP/1.1 response', () => {
  test('is read with its length, and repeated headers in their order', async ({ listen }) => {
    const bytes =
      'HTTP/1.1 403 Forbidden\r\nX-A: 1\r\ncontent-LENGTH:4\r\nx-a:\t2 \r\n__proto__: x\r\n\r\nbody';
    const { response, error } = await send(probe({ port: await listen(answering(bytes)) }));
    expect(error).toBeUndefined();
    expect(response?.status).toBe(403);
    expect(Object.entries(response?.headers ?? {})).toEqual([
      ['x-a', ['1', '2']],
      ['content-length', ['4']],
      ['__proto__', ['x']],
    ]);
    expect(response?.body).toBe('body');
    expect(response?.bodyBytes).toBe(4);
  });

  test('is read in chunks, with extensions and trailers', async ({ listen }) => {
    const chunks = '5;a=b\r\nhello\r\n00A \r\n, chunked!\r\n0\r\nX-Sum: 1\r\n\r\n';
    const port = await listen(answering(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`));
    const { response } = await send(probe({ port }));
    expect(response?.body).toBe('hello, chunked!');
    expect(response?.bodyBytes).toBe(15);
    expect(response?.trailers).toEqual({ 'x-sum': ['1'] });
  });

  test('is read until the connection ends when it states no length', async ({ listen }) => {
    const port = await listen(answering('HTTP/1.0 200\r\n\r\nall of it', end));
    const { response } = await send(probe({ port, connection: 'kept' }));
    expect(response).toEqual({ status: 200, headers: {}, body: 'all of it', bodyBytes: 9 });
  });

  test('is read when it comes byte by byte', async ({ listen }) => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n');
    const port = await listen(
      scripted((socket) => {
        socket.setNoDelay(true);
        const next = (index: number) => {
          if (index < bytes.length) {
            socket.write(bytes.subarray(index, index + 1), () => setImmediate(next, index + 1));
          }
        };
        next(0);
      }),
    );
    const { response } = await send(probe({ port }));
    expect(response?.body).toBe('abc');
  });

  const bodiless: [title: string, method: string, head: string, status: number][] = [
    ['to HEAD has no body, whatever its length says', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 9', 200],
    ['to HEAD has no body, also in chunks', 'HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked', 200],
    ['with status 204 has no body', 'GET', 'HTTP/1.1 204 No Content', 204],
    ['with status 304 has no body', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9', 304],
    ['to CONNECT with status 200 opens a tunnel', 'CONNECT', 'HTTP/1.1 200 OK\r\nContent-Length: 9', 200],
    ['with status 101 ends HTTP', 'GET', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket', 101],
    [
      'comes after the interim ones',
      'GET',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content',
      204,
    ],
  ];
  for (const [title, method, head, status] of bodiless) {
    test(title, async ({ listen }) => {
      const port = await listen(answering(`${head}\r\n\r\n`));
      const { response } = await send(probe({ port, http: { method, target: '/' } }));
      expect(response).toMatchObject({ status, body: '', bodyBytes: 0 });
    });
  }

  test('is kept to its first 4 KiB, without half a character', async ({ listen }) => {
    const body = `${'x'.repeat(4095)}\u00e9${'y'.repeat(100_000)}`;
    const length = Buffer.byteLength(body);
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;
    const port = await listen(answering(head + Buffer.from(body).toString('latin1')));
    const { response } = await send(probe({ port }));
    expect(response?.body).toBe('x'.repeat(4095));
    expect(response?.bodyBytes).toBe(length);
  });

  const broken: [title: string, bytes: string][] = [
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a TLS alert', '\x15\x03\x03\x00\x02\x02\x46'],
    ['HTTP/2 frames', '\0\0\x12\x04\0\0\0\0\0'],
    ['a status line without a status', 'HTTP/1.1 OK\r\n\r\n'],
    ['a bare line feed', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    ['a bare line feed at the end of the headers', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\n'],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nhello\r\n\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\n\r\n'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n'],
    ['two different lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    [
      'both a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n'],
    [
      'a chunk longer than its size',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n',
    ],
  ];
  for (const [title, bytes] of broken) {
    test(`with ${title} is malformed`, async ({ listen }) => {
      const observation = await send(probe({ port: await listen(answering(bytes)) }));
      expect(observation.response).toBeUndefined();
      expect(observation.error).toMatchObject({ stage: 'receive', code: 'EMALFORMED', bytes: bytes.length });
    });
  }
});

test.describe('a connection that ends', () => {
  test('by a reset before any byte says so, and between whom it stood', async ({ listen }) => {
    const port = await listen(scripted((socket) => socket.resetAndDestroy()));
    const { error, local, peer, response } = await send(probe({ port }));
    expect(response).toBeUndefined();
    expect(error).toMatchObject({ code: 'ECONNRESET', bytes: 0 });
    expect(['send', 'receive']).toContain(error?.stage);
    expect(local).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(peer).toBe(`127.0.0.1:${port}`);
  });

  test('in order before any byte is EOF', async ({ listen }) => {
    const port = await listen(scripted(end));
    const { error, peer } = await send(probe({ port }));
    expect(error).toMatchObject({ stage: 'receive', code: 'EOF', bytes: 0 });
    expect(peer).toBe(`127.0.0.1:${port}`);
  });

  const cuts: [title: string, bytes: string][] = [
    ['the status line', 'HTTP/1.'],
    ['the headers', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['a body of stated length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
    ['a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'],
    ['the trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: 1\r\n'],
  ];
  for (const [title, bytes] of cuts) {
    test(`in order within ${title} is EOF after some bytes`, async ({ listen }) => {
      const { error } = await send(probe({ port: await listen(answering(bytes, end)) }));
      expect(error).toMatchObject({ stage: 'receive', code: 'EOF', bytes: bytes.length });
    });
  }

  test('by a reset within a body without length is no response', async ({ listen }) => {
    const port = await listen(answering('HTTP/1.1 200 OK\r\n\r\nhalf', (socket) => socket.resetAndDestroy()));
    const { response, error } = await send(probe({ port }));
    expect(response).toBeUndefined();
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });
});

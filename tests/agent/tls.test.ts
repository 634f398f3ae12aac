import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { expect } from '@playwright/test';
import { runBatch } from '../../fixtures/agent/batch.ts';
import type { TlsOptions } from '../../fixtures/agent/protocol.ts';
import { Authority } from './certificates.ts';
import { answering, probe, send, test } from './harness.ts';
import { refusingServer } from './refusing-server.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const protocols = ['http/1.1', 'h2', 'websocket', 'tcp'] as const;

const mesh = new Authority('mesh');
const server = mesh.issue('spiffe://cluster.local/ns/default/sa/frontend');
const client = mesh.issue('spiffe://cluster.local/ns/default/sa/client');
const stranger = new Authority('elsewhere').issue('spiffe://cluster.local/ns/default/sa/client');

function only(version: (typeof versions)[number]): TlsOptions {
  return { minVersion: version, maxVersion: version };
}

/** Requires a client certificate as Istio's STRICT does, and answers with what it learned of the client. */
function strict(version: (typeof versions)[number]) {
  const required = { ca: mesh.cert, requestCert: true, rejectUnauthorized: true };
  const options = { ...server, ...only(version), ...required, ALPNProtocols: ['h2', 'http/1.1'] };
  return createHttpsServer(options, (request, response) => {
    const { subjectaltname } = (request.socket as TLSSocket).getPeerCertificate();
    response.end(subjectaltname);
  }).on('tlsClientError', () => {});
}

for (const version of versions) {
  test(`${version} with a good client certificate reaches the application`, async ({ listen }) => {
    const port = await listen(strict(version));
    const { response, tls, error } = await send(probe({ port, tls: { ...client, ...only(version) } }));
    expect(error).toBeUndefined();
    expect(response?.body).toContain('spiffe://cluster.local/ns/default/sa/client');
    expect(tls).toEqual({ protocol: version, alpn: null });
  });

  test(`${version} is kept alive like any connection`, async ({ listen }) => {
    const port = await listen(strict(version));
    const tls = { ...client, ...only(version) };
    const [first, second] = await runBatch([1, 2].map(() => probe({ port, tls, connection: 'one' })));
    expect(second?.reused).toBe(true);
    expect(second?.local).toBe(first?.local);
    expect(second?.tls).toEqual(first?.tls);
    expect(second?.response?.status).toBe(200);
  });
}

// A TLS 1.3 client ends its handshake before the server has judged it, a TLS 1.2 client after that.
for (const protocol of protocols) {
  test(`TLS 1.2 without a client certificate fails in the handshake, for ${protocol}`, async ({ listen }) => {
    const port = await listen(strict('TLSv1.2'));
    const { error, tls, peer } = await send(probe({ port, protocol, tls: only('TLSv1.2') }));
    expect(error).toMatchObject({ stage: 'tls', alert: 40, bytes: 0 });
    expect(error?.code).toContain('ALERT_HANDSHAKE_FAILURE');
    expect(tls).toBeUndefined();
    expect(peer).toBe(`127.0.0.1:${port}`);
  });

  test(`TLS 1.3 without a client certificate fails on the first read, for ${protocol}`, async ({
    listen,
  }) => {
    const port = await listen(strict('TLSv1.3'));
    const { error, tls } = await send(probe({ port, protocol, tls: only('TLSv1.3') }));
    expect(error).toMatchObject({ stage: 'receive', alert: 116, bytes: 0 });
    expect(error?.code).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    expect(tls?.protocol).toBe('TLSv1.3');
  });

  for (const version of versions) {
    test(`${version} with a certificate of a foreign authority is alert 48, for ${protocol}`, async ({
      listen,
    }) => {
      const refusing = await refusingServer(version, 48, server);
      const port = await listen(refusing.server);
      const tls = { ...stranger, ...only(version) };
      const { error } = await send(probe({ port, protocol, tls }));
      refusing.close();
      const stage = version === 'TLSv1.2' ? 'tls' : 'receive';
      expect(error).toMatchObject({ stage, alert: 48, code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', bytes: 0 });
    });
  }
}

test('a server that shares no version with the client is an alert', async ({ listen }) => {
  const port = await listen(strict('TLSv1.3'));
  const { error } = await send(probe({ port, tls: only('TLSv1.2') }));
  expect(error).toMatchObject({ stage: 'tls', alert: 70, bytes: 0 });
});

test('plaintext in answer to a handshake is a failure of TLS without an alert', async ({ listen }) => {
  const port = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  const { error } = await send(probe({ port, tls: {} }));
  expect(error).toMatchObject({ stage: 'tls', bytes: 0 });
  expect(error?.code).toMatch(/^ERR_SSL_/);
  expect(error?.alert).toBeUndefined();
});

const endings: [title: string, how: (socket: Socket) => void, code: string][] = [
  ['closed in order', (socket) => socket.end(), 'EOF'],
  ['reset', (socket) => socket.resetAndDestroy(), 'ECONNRESET'],
];
for (const [title, how, code] of endings) {
  test(`a handshake that is ${title} is ${code}`, async ({ listen }) => {
    const port = await listen(createServer((socket) => socket.once('data', () => how(socket))));
    const { error, peer } = await send(probe({ port, tls: {} }));
    expect(error).toMatchObject({ stage: 'tls', code, bytes: 0 });
    expect(error?.alert).toBeUndefined();
    expect(peer).toBe(`127.0.0.1:${port}`);
  });
}

test('a handshake that is never answered ends with the whole probe', async () => {
  const connect = () => duplexPair()[0];
  const { error } = await send(probe({ port: 443, tls: {}, timeoutMs: 50 }), { connect });
  expect(error).toMatchObject({ stage: 'tls', code: 'ETIMEDOUT', bytes: 0 });
});

test('a certificate that is none is an observation', async ({ listen }) => {
  const port = await listen(answering(''));
  const { error } = await send(probe({ port, tls: { cert: 'none', key: 'none' } }));
  expect(error).toMatchObject({ stage: 'tls', bytes: 0 });
});

test('the server name is sent when there is one, and none otherwise', async ({ listen }) => {
  const names: (string | false | null)[] = [];
  const port = await listen(
    createTlsServer(server, (socket) => {
      names.push(socket.servername);
      socket.end('seen');
    }),
  );
  const tls = { servername: 'shop.test' };
  const request = { port, protocol: 'tcp', host: 'localhost' } as const;
  await runBatch([probe({ ...request, tls: {} }), probe({ ...request, tls })], { parallel: 1 });
  expect(names).toEqual([false, 'shop.test']);
});

test('the application protocol is negotiated from what is offered', async ({ listen }) => {
  const offers: (string | false | null)[] = [];
  const port = await listen(
    createTlsServer({ ...server, ALPNProtocols: ['istio', 'http/1.1'] }, (socket) => {
      offers.push(socket.alpnProtocol);
      socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    }),
  );
  const [given, none] = await runBatch(
    [probe({ port, tls: { alpn: ['h2', 'istio'] } }), probe({ port, tls: {} })],
    { parallel: 1 },
  );
  expect(offers).toEqual(['istio', false]);
  expect(given?.tls?.alpn).toBe('istio');
  expect(none?.tls?.alpn).toBeNull();
});

test('goes over any stream that a connection is made of, and ends it', async () => {
  const [near, far] = duplexPair();
  const socket = new TLSSocket(far, { isServer: true, ...server });
  socket.on('error', () => {}).once('data', () => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
  const { response } = await send(probe({ port: 443, tls: {} }), { connect: () => near });
  expect(response?.status).toBe(204);
  expect(near.destroyed).toBe(true);
});

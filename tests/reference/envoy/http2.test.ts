import { connect, performServerHandshake, type ServerHttp2Stream } from 'node:http2';
import { expect, test } from '@playwright/test';
import type { VirtualSocket } from '../../../reference/network/interface.ts';
import { addresses, Mesh, type Seen } from './mesh.ts';

let mesh: Mesh;
test.beforeEach(async () => {
  mesh = await Mesh.start();
});
test.afterEach(() => mesh.close());

const byAddress = { host: addresses.echo, port: 8080 };
const h2 = { protocol: 'h2' } as const;
const call = { protocol: 'grpc', method: 'POST' } as const;

/** What the application saw of a request. */
function seenBy({ observation }: Seen): { httpVersion: string; headers: Record<string, string[]> } {
  return JSON.parse(observation.response!.body);
}

test.describe('from a plain client, under PERMISSIVE', () => {
  test.beforeEach(() => {
    mesh.mode = 'PERMISSIVE';
  });

  test('HTTP/2 by prior knowledge is decided and logged as HTTP/1.1 is', async () => {
    const { observation, verdict, server } = await mesh.get('plain', '/', { ...byAddress, ...h2 });
    expect(verdict.name).toBe('allowed');
    expect(observation.response?.headers).toMatchObject({
      server: ['istio-envoy'],
      'x-envoy-decorator-operation': [':8080/*'],
    });
    expect(server).toContain('"GET / HTTP/2" 200 - via_upstream ');
    expect(mesh.asked.at(-1)).toMatchObject({
      source: { address: addresses.plain, principal: '' },
      http: { method: 'GET', path: '/' },
    });
    mesh.dikastes = ({ http }) => (http?.path === '/' ? 'OK' : 'PERMISSION_DENIED');
    const denied = await mesh.get('plain', '/b', { ...byAddress, ...h2 });
    expect(denied.verdict.name).toBe('denied by alp');
    expect(denied.observation.response).toMatchObject({ status: 403, bodyBytes: 0 });
    expect(denied.server).toContain('"GET /b HTTP/2" 403 UAEX ext_authz_denied ');
  });

  for (const [protocol, version] of [
    ['http', '1.1'],
    ['http2', '2'],
    ['auto', '2'],
  ] as const) {
    test(`a port that speaks ${protocol} is spoken to by HTTP/${version}`, async () => {
      mesh.protocol = protocol;
      expect(seenBy(await mesh.get('plain', '/', { ...byAddress, ...h2 })).httpVersion).toBe(version);
    });
  }

  test('a body goes on in either version', async () => {
    for (const protocol of ['http', 'http2'] as const) {
      mesh.protocol = protocol;
      const asked = { ...byAddress, ...h2, method: 'POST', body: 'x'.repeat(100_000) };
      expect((await mesh.get('plain', '/', asked)).verdict.name).toBe('allowed');
    }
  });

  test('requests share a connection, and the one to the application', async () => {
    mesh.protocol = 'http2';
    const seen = await mesh.send(
      'plain',
      ...Array.from({ length: 8 }, () => ({ ...byAddress, ...h2, connection: 'c' })),
    );
    expect(seen.map(({ verdict }) => verdict.name)).toEqual(Array.from({ length: 8 }, () => 'allowed'));
    const peers = new Set(
      seen.map((one) => (JSON.parse(one.observation.response!.body) as { peer: string }).peer),
    );
    expect(peers.size).toBe(1);
  });

  test('a request to upgrade to HTTP/2 is answered by HTTP/1.1', async () => {
    const headers: [string, string][] = [
      ['Connection', 'Upgrade, HTTP2-Settings'],
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
    ];
    const seen = await mesh.get('plain', '/', { ...byAddress, headers });
    expect(seen.verdict.name).toBe('allowed');
    expect(Object.keys(seenBy(seen).headers)).not.toContain('upgrade');
  });

  test('what is no path is refused', async () => {
    for (const [method, target, status] of [
      ['OPTIONS', '*', 404],
      ['GET', '/%00', 400],
      ['CONNECT', 'x', 403],
    ] as const) {
      const { observation } = await mesh.get('plain', target, { ...byAddress, ...h2, method });
      expect(observation.response?.status, `${method} ${target}`).toBe(status);
    }
    expect(mesh.asked).toEqual([]);
  });
});

test.describe('from a mesh client', () => {
  test('HTTP/2 becomes what the port speaks, with the client’s identity', async () => {
    for (const [protocol, version, logged] of [
      ['http', '1.1', 'HTTP/1.1'],
      ['http2', '2', 'HTTP/2'],
      ['auto', '2', 'HTTP/2'],
    ] as const) {
      mesh.protocol = protocol;
      mesh.route = mesh.cluster();
      const seen = await mesh.get('client', '/', h2);
      expect(seen.verdict.name).toBe('allowed');
      expect(seenBy(seen)).toMatchObject({
        httpVersion: version,
        headers: { 'x-forwarded-client-cert': [expect.stringContaining('ns/default/sa/client')] },
      });
      expect(seen.client).toContain('"GET / HTTP/2" 200 - via_upstream ');
      expect(seen.server).toContain(`"GET / ${logged}" 200 - via_upstream `);
    }
  });

  test('HTTP/1.1 to a port of HTTP/2 goes on as HTTP/2', async () => {
    mesh.protocol = 'http2';
    mesh.route = mesh.cluster();
    expect(seenBy(await mesh.get('client')).httpVersion).toBe('2');
  });

  test('connections are kept, for as many requests as they may carry', async () => {
    mesh.protocol = 'http2';
    mesh.route = mesh.cluster();
    for (let times = 0; times < 4; times += 1) await mesh.get('client', '/', h2);
    // One by each worker.
    expect(mesh.tried).toHaveLength(2);
    mesh.route = mesh.cluster({ maxRequestsPerConnection: 1, cluster: 'outbound|80||other' });
    for (let times = 0; times < 3; times += 1) await mesh.get('client', '/', h2);
    expect(mesh.tried).toHaveLength(5);
  });

  test('a dropped connection is tried three times', async () => {
    mesh.protocol = 'http2';
    mesh.route = mesh.cluster();
    mesh.dropped.add(addresses.echo);
    const { observation, client } = await mesh.get('client', '/', h2);
    expect(observation.response).toMatchObject({ status: 503, bodyBytes: 114 });
    expect(client).toContain('" 503 URX,UF upstream_reset_before_response_started{connection_timeout} ');
    expect(mesh.tried).toHaveLength(3);
  });

  for (const tls of ['plaintext', 'mutual'] as const) {
    test(`a connection that the server closed is replaced unseen: ${tls}`, async () => {
      mesh.protocol = 'http2';
      mesh.mode = 'PERMISSIVE';
      mesh.route = mesh.cluster({ endpoints: [{ ...mesh.endpoint, tls }] });
      await mesh.send('client', h2, h2);
      const { capture } = mesh.at('echo').network;
      mesh.at('echo').network.capture = {
        inbound: (socket, port) => {
          capture.inbound?.(socket, port);
          open.push(socket);
        },
      };
      const open: VirtualSocket[] = [];
      mesh.route = mesh.cluster({ endpoints: [{ ...mesh.endpoint, tls }], cluster: 'outbound|80||again' });
      await mesh.send('client', h2, h2);
      for (const socket of open) socket.destroy();
      expect((await mesh.get('client', '/', h2)).verdict.name).toBe('allowed');
      expect((await mesh.get('client', '/', h2)).verdict.name).toBe('allowed');
      expect(open).toHaveLength(4);
    });
  }
});

test.describe('gRPC', () => {
  test.beforeEach(() => {
    mesh.protocol = 'http2';
    mesh.endpoint = { ...mesh.endpoint, port: 9000 };
    mesh.route = mesh.cluster();
    mesh.at('echo').network.listen(9000, (socket) => {
      performServerHandshake(socket)
        .on('error', () => {})
        .on('stream', (stream: ServerHttp2Stream, { te }) => {
          stream
            .on('error', () => {})
            .on('end', () => {
              stream.respond(
                { 'content-type': 'application/grpc', 'x-alp-echo': 'echo/default' },
                { waitForTrailers: true },
              );
              stream.once('wantTrailers', () =>
                stream.sendTrailers({ 'grpc-status': '0', 'x-te': String(te) }),
              );
              stream.end('\0\0\0\0\0');
            })
            .resume();
        });
    });
  });

  test('trailers come through both proxies', async () => {
    const { observation, verdict, server, client } = await mesh.get('client', '/pkg.Service/Method', call);
    expect(verdict.name).toBe('allowed');
    expect(observation.response).toMatchObject({
      status: 200,
      bodyBytes: 5,
      grpcStatus: 0,
      trailers: { 'grpc-status': ['0'], 'x-te': ['trailers'] },
    });
    expect(mesh.asked.at(-1)?.http).toEqual({ method: 'POST', path: '/pkg.Service/Method' });
    for (const line of [server, client])
      expect(line).toContain('"POST /pkg.Service/Method HTTP/2" 200 - via_upstream ');
  });

  test('a denial is all in the headers, with status 7 and no message', async () => {
    mesh.dikastes = () => 'PERMISSION_DENIED';
    const { observation, server, client } = await mesh.get('client', '/pkg.Service/Method', call);
    const { status, headers, bodyBytes, trailers, grpcStatus } = observation.response!;
    expect({ status, bodyBytes, trailers, grpcStatus }).toEqual({
      status: 200,
      bodyBytes: 0,
      trailers: undefined,
      grpcStatus: 7,
    });
    expect(headers).toMatchObject({
      server: ['envoy'],
      'content-type': ['application/grpc'],
      'grpc-status': ['7'],
    });
    expect(headers['grpc-message']).toBeUndefined();
    expect(server).toContain('"POST /pkg.Service/Method HTTP/2" 200 UAEX ext_authz_denied ');
    expect(client).toContain('"POST /pkg.Service/Method HTTP/2" 200 - via_upstream ');
  });

  test('so is a time-out, with status 14 and what the body would be', async () => {
    mesh.dropped.add(addresses.echo);
    const { observation, client } = await mesh.get('client', '/pkg.Service/Method', call);
    expect(observation.response).toMatchObject({
      status: 200,
      bodyBytes: 0,
      grpcStatus: 14,
      headers: {
        'grpc-message': [
          'upstream connect error or disconnect/reset before headers. retried and the latest reset reason: connection timeout',
        ],
      },
    });
    expect(client).toContain(
      'HTTP/2" 200 URX,UF upstream_reset_before_response_started{connection_timeout} ',
    );
  });

  test('and a cluster without endpoints', async () => {
    mesh.route = mesh.cluster({ endpoints: [] });
    const { observation, client } = await mesh.get('client', '/a/B', call);
    expect(observation.response).toMatchObject({
      grpcStatus: 14,
      headers: { 'grpc-message': ['no healthy upstream'] },
    });
    expect(client).toContain('HTTP/2" 200 UH no_healthy_upstream ');
  });
});

test('a client that goes away is logged', async () => {
  mesh.close();
  mesh = await Mesh.start({ timeScale: 1 });
  mesh.dropped.add(addresses.echo);
  const { observation } = await mesh.get('client', '/', { ...h2, timeoutMs: 300 });
  expect(observation.error?.code).toBe('ETIMEDOUT');
  await expect
    .poll(() => mesh.at('client').log[0])
    .toContain('"GET / HTTP/2" 0 DC downstream_remote_disconnect ');
});

test('a connection that is drained goes away after a request, and none is lost', async () => {
  mesh.mode = 'PERMISSIVE';
  const session = connect('http://echo', {
    createConnection: () => mesh.connect('plain', addresses.echo, 8080),
  });
  const ask = () =>
    new Promise<number | undefined>((resolve) => {
      session.request({ ':path': '/' }).on('response', (headers) => resolve(headers[':status']));
    });
  expect(await ask()).toBe(200);
  mesh.asks = 'no';
  mesh.changed();
  const statuses: (number | undefined)[] = [];
  while (!session.closed) {
    statuses.push(await ask());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test('the gateway takes HTTP/2 by prior knowledge, and speaks what the port does', async () => {
  const { observation, verdict, client, server } = await mesh.get('outside', '/', h2);
  expect(verdict.name).toBe('allowed');
  expect(observation.response?.headers.server).toEqual(['istio-envoy']);
  expect(client).toContain('"GET / HTTP/2" 200 - via_upstream ');
  expect(server).toContain('"GET / HTTP/1.1" 200 - via_upstream ');
});

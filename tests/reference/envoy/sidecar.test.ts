import { once } from 'node:events';
import { expect, test } from '@playwright/test';
import { recordedLine } from '../../verdicts/recorded.ts';
import { shapeOf } from './log-shape.ts';
import { addresses, Mesh } from './mesh.ts';

let mesh: Mesh;
test.beforeEach(async () => {
  mesh = await Mesh.start();
});
test.afterEach(() => mesh.close());

const byAddress = { host: addresses.echo, port: 8080 };

test('a mesh client is answered through both sidecars', async () => {
  const { observation, verdict, server, client } = await mesh.get('client');
  expect(verdict.name).toBe('allowed');
  const { headers, body } = observation.response!;
  expect(headers).toMatchObject({ server: ['envoy'] });
  expect(headers['x-envoy-decorator-operation']).toBeUndefined();
  const seen = JSON.parse(body) as { headers: Record<string, string[]> };
  expect(Object.keys(seen.headers)).toEqual([
    'host',
    'user-agent',
    'x-forwarded-proto',
    'x-request-id',
    'x-envoy-attempt-count',
    'x-forwarded-client-cert',
  ]);
  const recorded = recordedLine(
    'allowed',
    (line) => line.route === 'client -> echo' && line.server !== undefined,
  );
  expect(shapeOf(server)).toBe(shapeOf(recorded.server?.line).replace('"service"', '"address"'));
  const toPlain = recordedLine(
    'allowed',
    (line) => line.route === 'client -> plain' && line.client !== undefined,
  );
  expect(shapeOf(client)).toBe(shapeOf(toPlain.client?.line).replace('"service"', '"address"'));
});

test('to a pod without sidecar a client speaks plaintext and names the route', async () => {
  mesh.route = mesh.cluster({ endpoints: [{ address: addresses.plain, port: 8080, tls: 'plaintext' }] });
  const { observation, verdict } = await mesh.get('client');
  expect(verdict.name).toBe('allowed');
  const { headers } = JSON.parse(observation.response!.body) as { headers: Record<string, string[]> };
  expect(headers['x-envoy-decorator-operation']).toEqual(['echo.default.svc.cluster.local:80/*']);
  expect(headers['x-forwarded-client-cert']).toBeUndefined();
});

test('an identity that a client makes up is not forwarded', async () => {
  mesh.mode = 'PERMISSIVE';
  const claimed: [string, string][] = [
    ['X-Forwarded-Client-Cert', 'URI=spiffe://cluster.local/ns/x/sa/admin'],
  ];
  for (const from of ['client', 'plain'] as const) {
    const { observation } = await mesh.get(from, '/', { headers: claimed });
    expect(observation.response?.body).not.toContain('admin');
  }
});

test.describe('STRICT', () => {
  test('plaintext is reset before any byte, and logged', async () => {
    const { observation, verdict, server } = await mesh.get('plain', '/', byAddress);
    expect(verdict.name).toBe('refused by mtls');
    expect(observation.error).toMatchObject({ code: 'ECONNRESET', stage: 'receive', bytes: 0 });
    const recorded = recordedLine('refused by mtls', (line) => line.server !== undefined);
    expect(shapeOf(server)).toBe(shapeOf(recorded.server?.line));
  });

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`${version} without a certificate gets an alert and no log line`, async () => {
      const tls = { alpn: ['istio'], minVersion: version, maxVersion: version };
      const { observation, verdict } = await mesh.get('plain', '/', { ...byAddress, tls });
      expect(verdict.name).toBe('refused by mtls');
      expect(observation.error?.alert).toBe(version === 'TLSv1.3' ? 116 : 40);
      expect(mesh.at('echo').log).toEqual([]);
    });
  }

  test('a certificate of the mesh is enough, whatever ALPN comes with it', async () => {
    const { cert, key } = await mesh.authority.issue('spiffe://cluster.local/ns/ma/sa/alice');
    for (const alpn of [['istio'], ['http/1.1'], undefined]) {
      const tls = { cert, key, ...(alpn && { alpn }) };
      expect((await mesh.get('plain', '/', { ...byAddress, tls })).verdict.name).toBe('allowed');
    }
    expect(mesh.asked.at(-1)?.source).toMatchObject({
      address: addresses.plain,
      principal: 'spiffe://cluster.local/ns/ma/sa/alice',
    });
  });

  test('a mesh client that addresses the pod gets 503 from its own sidecar', async () => {
    const { observation, client } = await mesh.get('client', '/', byAddress);
    expect(observation.response).toMatchObject({ status: 503, headers: { server: ['envoy'] } });
    expect(observation.response?.body).toMatch(/headers\. reset reason: connection termination$/);
    expect(client).toMatch(
      / 503 UC upstream_reset_before_response_started\{connection_termination\} .* PassthroughCluster /,
    );
  });

  for (const port of [15020, 15021]) {
    test(`port ${port} answers in plaintext, past Dikastes`, async () => {
      mesh.dikastes = () => 'PERMISSION_DENIED';
      const { observation } = await mesh.get('plain', '/healthz/ready', { host: addresses.echo, port });
      expect(observation.response?.status).toBe(200);
      expect(mesh.asked).toEqual([]);
    });
  }

  test('a port that is left out goes straight to the application', async () => {
    mesh.at('echo').network.listen(8083, (socket) => void socket.pipe(socket));
    const socket = mesh.connect('plain', addresses.echo, 8083);
    socket.write('hello');
    expect(String((await once(socket, 'data'))[0])).toBe('hello');
    expect(mesh.asked).toEqual([]);
  });

  test('a port on the way out that is left out goes straight to where it was for', async () => {
    const from: unknown[] = [];
    for (const port of [7001, 7002, 7003]) {
      mesh.at('plain').network.listen(port, ({ remoteAddress }) => from.push(remoteAddress));
    }
    for (const port of [7001, 7002]) await once(mesh.connect('client', addresses.plain, port), 'connect');
    expect(from).toEqual([addresses.client, addresses.client]);
    mesh.dropped.add(addresses.plain);
    // What is taken over is accepted by the sidecar, whatever becomes of it.
    await once(mesh.connect('client', addresses.plain, 7003), 'connect');
    const dropped = mesh.connect('client', addresses.plain, 7001);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(dropped.connecting).toBe(true);
  });
});

test.describe('PERMISSIVE', () => {
  test.beforeEach(() => {
    mesh.mode = 'PERMISSIVE';
  });

  test('plaintext is served, decided by Dikastes and told the operation', async () => {
    const { observation, verdict, server } = await mesh.get('plain', '/', byAddress);
    expect(verdict.name).toBe('allowed');
    expect(observation.response?.headers).toMatchObject({
      server: ['istio-envoy'],
      'x-envoy-decorator-operation': [':8080/*'],
    });
    const recorded = recordedLine('allowed', (line) => line.route === 'plain -> echo by pod address');
    expect(shapeOf(server)).toBe(shapeOf(recorded.server?.line));
    expect(mesh.asked.at(-1)?.source).toMatchObject({ address: addresses.plain, principal: '' });
    mesh.dikastes = () => 'PERMISSION_DENIED';
    expect((await mesh.get('plain', '/', byAddress)).verdict.name).toBe('denied by alp');
  });

  test('mesh clients are served too', async () => {
    expect((await mesh.get('client')).verdict.name).toBe('allowed');
  });

  for (const alpn of [undefined, ['http/1.1'], ['h2']]) {
    test(`TLS with ALPN ${alpn ?? 'absent'} is reset in the handshake`, async () => {
      const tls = alpn === undefined ? {} : { alpn };
      const { observation } = await mesh.get('plain', '/', { ...byAddress, tls });
      expect(observation.error).toMatchObject({ stage: 'tls', code: 'ECONNRESET' });
    });
  }
});

test.describe('DISABLE', () => {
  test.beforeEach(() => {
    mesh.mode = 'DISABLE';
  });

  test('plaintext is served', async () => {
    expect((await mesh.get('plain', '/', byAddress)).verdict.name).toBe('allowed');
  });

  test('mutual TLS fails, on both sides as it was measured', async () => {
    const { observation, client } = await mesh.get('client');
    expect(observation.response).toMatchObject({ status: 503, bodyBytes: 121 });
    expect(client).toMatch(/ 503 URX,UF .*TLS_error:WRONG_VERSION_NUMBER/);
    expect(mesh.at('echo').log.at(-1)).toContain(' 400 DPE http1.codec_error ');
  });
});

test('an application that does not listen is 503 of its own sidecar', async () => {
  mesh.endpoint = { ...mesh.endpoint, port: 8089 };
  mesh.route = mesh.cluster({ endpoints: [mesh.endpoint] });
  const { observation, server, client } = await mesh.get('client');
  expect(observation.response?.status).toBe(503);
  expect(observation.response?.headers['x-envoy-upstream-service-time']).toBeDefined();
  expect(server).toContain(
    '{remote_connection_failure|delayed_connect_error:_Connection_refused} - "delayed_connect_error:_Connection_refused"',
  );
  expect(client).toContain(' 503 - via_upstream ');
});

test('a client that goes away is logged', async () => {
  mesh.dropped.add(addresses.echo);
  const { observation, client } = await mesh.get('client', '/', { timeoutMs: 10 });
  expect(observation.error?.code).toBe('ETIMEDOUT');
  await expect.poll(() => mesh.at('client').log.length).toBe(1);
  const recorded = recordedLine('error', (line) => line.client?.details === 'downstream_remote_disconnect');
  expect(shapeOf(client ?? mesh.at('client').log[0])).toBe(
    shapeOf(recorded.client?.line).replace('"service"', '"address"'),
  );
});

test('established connections keep their filter for a while when it goes away', async () => {
  mesh.close();
  mesh = await Mesh.start({ timeScale: 0.01 });
  mesh.dikastes = () => 'PERMISSION_DENIED';
  await mesh.send('outside', {}, {});
  mesh.asks = 'no';
  mesh.changed();
  expect((await mesh.get('outside')).verdict.name).toBe('denied by alp');
  mesh.mode = 'PERMISSIVE';
  expect((await mesh.get('plain', '/', byAddress)).verdict.name).toBe('allowed');
  await expect
    .poll(async () => (await mesh.get('outside')).verdict.name, { intervals: [50] })
    .toBe('allowed');
});

test('a sidecar that stops lets connections through to the application', async () => {
  mesh.at('echo').stop.abort();
  const { verdict, observation } = await mesh.get('plain', '/', byAddress);
  expect(verdict.name).toBe('allowed');
  expect(observation.response?.headers.server).toBeUndefined();
});

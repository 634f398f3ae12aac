import { expect, test } from '@playwright/test';
import { recordedLine } from '../../verdicts/recorded.ts';
import { shapeOf } from './log-shape.ts';
import { addresses, Mesh } from './mesh.ts';

let mesh: Mesh;
test.beforeEach(async () => {
  mesh = await Mesh.start();
});
test.afterEach(() => mesh.close());

const many = (count: number) => Array.from({ length: count }, () => ({}));

test('an allowed request looks as it did on a real cluster', async () => {
  const { observation, verdict, server, client } = await mesh.get('outside');
  expect(verdict.name).toBe('allowed');
  const { headers, body } = observation.response!;
  expect(headers).toMatchObject({
    server: ['istio-envoy'],
    'x-envoy-upstream-service-time': [expect.stringMatching(/^\d+$/)],
    connection: ['close'],
  });
  expect(headers['x-envoy-decorator-operation']).toBeUndefined();
  const seen = JSON.parse(body) as { headers: Record<string, string[]>; peer: string };
  expect(seen.peer).toMatch(/^127\.0\.0\.6:/);
  expect(seen.headers).toEqual({
    host: ['10.0.0.1:8080'],
    'user-agent': [expect.stringContaining('alp-conformance/')],
    'x-forwarded-for': [addresses.outside],
    'x-forwarded-proto': ['http'],
    'x-request-id': [expect.stringMatching(/^[0-9a-f-]{36}$/)],
    'x-envoy-attempt-count': ['1'],
    'x-forwarded-client-cert': [
      expect.stringMatching(
        /^By=spiffe:\/\/cluster\.local\/ns\/default\/sa\/echo;Hash=[0-9a-f]{64};Subject="";URI=spiffe:\/\/cluster\.local\/ns\/default\/sa\/gateway$/,
      ),
    ],
  });
  const recorded = recordedLine(
    'allowed',
    (line) => line.route.startsWith('outside') && line.server !== undefined && line.client !== undefined,
  );
  expect(shapeOf(server).replace('GET', 'HEAD')).toBe(shapeOf(recorded.server?.line));
  expect(shapeOf(client).replace('GET', 'HEAD')).toBe(shapeOf(recorded.client?.line));
});

test('a denial by Dikastes looks as it did on a real cluster', async () => {
  mesh.dikastes = ({ http }) => (http?.path === '/cart' ? 'PERMISSION_DENIED' : 'OK');
  const { observation, verdict, server, client } = await mesh.get('outside', '/cart');
  expect(verdict.name).toBe('denied by alp');
  expect(observation.response).toMatchObject({ status: 403, bodyBytes: 0 });
  expect(observation.response?.headers).toEqual({
    'content-length': ['0'],
    'x-envoy-upstream-service-time': [expect.any(String)],
    date: [expect.any(String)],
    server: ['istio-envoy'],
    connection: ['close'],
  });
  const recorded = recordedLine(
    'denied by alp',
    (line) => line.route.startsWith('outside') && line.client !== undefined,
  );
  expect(shapeOf(server).replace('/cart', '/')).toBe(shapeOf(recorded.server?.line));
  expect(shapeOf(client).replace('/cart', '/')).toBe(shapeOf(recorded.client?.line));
  expect(mesh.asked.at(-1)).toMatchObject({
    source: { address: addresses.gateway, principal: 'spiffe://cluster.local/ns/default/sa/gateway' },
    destination: { address: addresses.echo, port: 8080 },
    http: { method: 'GET', path: '/cart' },
  });
});

test('a denial of HEAD has no length, as on a real cluster', async () => {
  mesh.dikastes = () => 'PERMISSION_DENIED';
  const { observation, verdict } = await mesh.get('outside', '/', { method: 'HEAD' });
  expect(verdict.name).toBe('denied by alp');
  expect(observation.response?.headers['transfer-encoding']).toEqual(['chunked']);
  expect(observation.response?.headers['content-length']).toBeUndefined();
});

for (const result of ['UNKNOWN', 'INTERNAL', 'INVALID_ARGUMENT', 'UNAVAILABLE'] as const) {
  test(`the status ${result} denies`, async () => {
    mesh.dikastes = () => result;
    expect((await mesh.get('outside')).verdict.name).toBe('denied by alp');
  });
}

test('without an answer of Dikastes it fails closed', async () => {
  mesh.dikastes = () => 'no answer';
  const { observation, verdict } = await mesh.get('outside');
  expect(verdict.name).toBe('filter error');
  expect(observation.response).toMatchObject({ status: 403, bodyBytes: 0 });
});

test('no route is an empty 404', async () => {
  mesh.route = { kind: 'not found' };
  const { verdict, client, observation } = await mesh.get('outside', '/no-such-route');
  expect(verdict.name).toBe('no route');
  expect(observation.response?.headers).toEqual({
    date: [expect.any(String)],
    server: ['istio-envoy'],
    connection: ['close'],
    'content-length': ['0'],
  });
  const recorded = recordedLine('no route', (line) => line.client !== undefined);
  expect(shapeOf(client)).toBe(
    shapeOf(recorded.client?.line).replace('"side.alp-conformance.test"', '"address:port"'),
  );
});

test('a direct response is the gateway’s own', async () => {
  mesh.route = { kind: 'direct', status: 204, body: '' };
  const { observation } = await mesh.get('outside', '/ready');
  expect(observation.response).toMatchObject({ status: 204, bodyBytes: 0 });
});

test('a cluster without endpoints is 503', async () => {
  mesh.route = mesh.cluster({ endpoints: [] });
  const { observation, verdict, client } = await mesh.get('outside');
  expect(verdict.name).toBe('no endpoint');
  expect(observation.response).toMatchObject({ status: 503, body: 'no healthy upstream', bodyBytes: 19 });
  expect(client).toContain(' 503 UH no_healthy_upstream ');
});

test('a cold gateway tries three times to connect through a policy that drops', async () => {
  mesh.dropped.add(addresses.echo);
  const { observation, verdict, client } = await mesh.get('outside');
  expect(verdict.name).toBe('denied by felix');
  expect(observation.response).toMatchObject({
    status: 503,
    bodyBytes: 114,
    body: 'upstream connect error or disconnect/reset before headers. retried and the latest reset reason: connection timeout',
    headers: { 'content-type': ['text/plain'], server: ['istio-envoy'] },
  });
  expect(observation.response?.headers['x-envoy-upstream-service-time']).toBeUndefined();
  expect(client).toContain(
    ' 503 URX,UF upstream_reset_before_response_started{connection_timeout} - "-" 0 114 ',
  );
  expect(mesh.tried.filter((address) => address === addresses.echo)).toHaveLength(3);
  // Three attempts of ten seconds, times 0.002.
  expect(observation.timings.totalMs).toBeGreaterThanOrEqual(59);
});

test('a route without retries tries once', async () => {
  mesh.dropped.add(addresses.echo);
  mesh.route = mesh.cluster({ attempts: 1 });
  const { observation, verdict, client } = await mesh.get('outside');
  expect(verdict.name).toBe('denied by felix');
  expect(observation.response?.body).toBe(
    'upstream connect error or disconnect/reset before headers. reset reason: connection timeout',
  );
  expect(client).toContain(' 503 UF upstream_reset_before_response_started{connection_timeout} ');
});

test('each worker is warm by itself, and a warm one asks Dikastes whatever Felix drops', async () => {
  await mesh.get('outside');
  mesh.dropped.add(addresses.echo);
  mesh.dikastes = () => 'PERMISSION_DENIED';
  const verdicts = [];
  for (let round = 0; round < 4; round += 1) verdicts.push((await mesh.get('outside')).verdict.name);
  expect(verdicts).toEqual(['denied by felix', 'denied by alp', 'denied by felix', 'denied by alp']);
});

test('on a partly warm gateway, requests wait for whichever connection is free first', async () => {
  await mesh.get('outside');
  mesh.dropped.add(addresses.echo);
  mesh.dikastes = () => 'PERMISSION_DENIED';
  const seen = await mesh.send('outside', ...many(6));
  expect(seen.map(({ observation }) => observation.response?.status).sort()).toEqual([
    403, 403, 403, 503, 503, 503,
  ]);
});

test('a host that leaves its cluster loses its connections', async () => {
  await mesh.send('outside', ...many(4));
  mesh.route = mesh.cluster({ endpoints: [] });
  await mesh.send('outside', ...many(2));
  mesh.route = mesh.cluster();
  mesh.dropped.add(addresses.echo);
  const seen = await mesh.send('outside', ...many(2));
  expect(seen.map(({ verdict }) => verdict.name)).toEqual(['denied by felix', 'denied by felix']);
});

test('maxRequestsPerConnection 1 makes every request cold', async () => {
  mesh.route = mesh.cluster({ maxRequestsPerConnection: 1 });
  await mesh.send('outside', ...many(4));
  mesh.tried.length = 0;
  await mesh.send('outside', ...many(4));
  expect(mesh.tried.filter((address) => address === addresses.echo)).toHaveLength(4);
});

test('a pool that all workers share is a fault that can be laid over', async () => {
  mesh.close();
  mesh = await Mesh.start({ rules: { poolOf: (_worker, cluster) => cluster } });
  await mesh.get('outside');
  mesh.dropped.add(addresses.echo);
  for (let round = 0; round < 2; round += 1) {
    expect((await mesh.get('outside')).verdict.name).toBe('allowed');
  }
});

test('a certificate that does not fit is a failure to connect', async () => {
  mesh.endpoint = { ...mesh.endpoint, address: addresses.plain };
  mesh.route = mesh.cluster({ endpoints: [mesh.endpoint] });
  const { observation, client } = await mesh.get('outside');
  expect(observation.response).toMatchObject({ status: 503, bodyBytes: 121 });
  expect(observation.response?.body).toMatch(/retried .* remote connection failure$/);
  expect(client).toContain(
    ' 503 URX,UF upstream_reset_before_response_started{remote_connection_failure|TLS_error:',
  );
  expect(client).toContain('WRONG_VERSION_NUMBER');
});

test('it listens on the ports that Gateways ask for, as they come and go', async () => {
  mesh.gatewayPorts = [{ port: 8081, serverPort: 81 }];
  mesh.changed();
  expect((await mesh.get('outside')).observation.error?.code).toBe('ECONNREFUSED');
  expect((await mesh.get('outside', '/', { port: 8081 })).verdict.name).toBe('allowed');
});

test('its health port answers, and is not logged', async () => {
  const { observation } = await mesh.get('outside', '/healthz/ready', { port: 15021 });
  expect(observation.response).toMatchObject({ status: 200, bodyBytes: 0 });
  expect(mesh.at('gateway').log).toEqual([]);
});

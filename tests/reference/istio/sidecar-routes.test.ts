import { expect, test } from '@playwright/test';
import { routes as tutorialRoutes } from '../../../scripts/runbook/routing-the-traffic.ts';
import { clusterAddress, get, istio, Mesh } from './mesh.ts';

const echoHost = 'echo.srv.svc.cluster.local';
const echoCluster = `outbound|80||${echoHost}`;

class Echo extends Mesh {
  readonly client = this.pod('srv', 'client');
  readonly stranger = this.pod('ma', 'alice');
  readonly echo = this.pod('srv', 'echo');
  readonly byName = this.service('srv', 'echo');

  from(
    pod: 'client' | 'stranger',
    request: ReturnType<typeof get> | undefined,
    to = clusterAddress(this.byName),
  ) {
    return this.istiod.routeFromSidecar(this[pod], to, request);
  }
}

for (const [host, from] of [
  [echoHost, 'stranger'],
  [`${echoHost}:80`, 'stranger'],
  ['echo.srv', 'stranger'],
  ['echo.srv.svc', 'stranger'],
  ['ECHO.srv', 'client'],
  ['echo', 'client'],
] as const) {
  test(`the ${from} reaches the Service by the host ${host}`, () => {
    expect(new Echo().from(from, get(host))).toMatchObject({
      kind: 'cluster',
      cluster: echoCluster,
      endpoints: [{ port: 8080, tls: 'mutual' }],
      attempts: 3,
      connectTimeoutMs: 10_000,
    });
  });
}

test('the address of the Service is one of its names', () => {
  const mesh = new Echo();
  expect(mesh.from('stranger', get(clusterAddress(mesh.byName).address))).toMatchObject({
    cluster: echoCluster,
  });
});

test('on an HTTP port the host decides, not the address', () => {
  const mesh = new Echo();
  const other = mesh.service('srv', 'other', { app: 'client' });
  expect(mesh.from('client', get('echo'), clusterAddress(other))).toMatchObject({ cluster: echoCluster });
  expect(mesh.from('client', get('echo.srv'), { address: '10.0.0.1', port: 80 })).toMatchObject({
    cluster: echoCluster,
  });
});

test('a host that no Service has goes on to where it was addressed to', () => {
  const mesh = new Echo();
  expect(mesh.from('stranger', get('echo'))).toEqual({ kind: 'passthrough' });
  expect(mesh.from('client', get('example.org'))).toEqual({ kind: 'passthrough' });
});

test("a pod's own address is no Service's", () => {
  const mesh = new Echo();
  const address = (mesh.echo.status as { podIP: string }).podIP;
  const to = { address, port: 8080 };
  expect(mesh.from('client', get(`${address}:8080`), to)).toEqual({ kind: 'passthrough' });
  expect(mesh.from('client', undefined, to)).toEqual({ kind: 'passthrough' });
});

test('a port whose protocol is unknown or TCP belongs to the Service by its address', () => {
  for (const portName of ['', 'tcp-echo']) {
    const mesh = new Echo();
    const service = mesh.service('srv', 'odd', { app: 'echo', portName });
    const cluster = 'outbound|80||odd.srv.svc.cluster.local';
    expect(mesh.from('client', get('anything'), clusterAddress(service))).toMatchObject({ cluster });
    expect(mesh.from('client', undefined, clusterAddress(service))).toMatchObject({ cluster, attempts: 3 });
  }
});

test('a new Service for the same pods is known at once', () => {
  const mesh = new Echo();
  const cold = mesh.service('srv', 'echo-cold-1', { app: 'echo' });
  expect(mesh.from('client', get('echo-cold-1.srv.svc.cluster.local'), clusterAddress(cold))).toMatchObject({
    cluster: 'outbound|80||echo-cold-1.srv.svc.cluster.local',
    endpoints: [{ port: 8080, tls: 'mutual' }],
  });
});

test("the tutorial's VirtualService for the mesh leads to the front end too", () => {
  const mesh = new Echo();
  mesh.pod('default', 'frontend');
  const frontend = mesh.service('default', 'frontend');
  mesh.add(...tutorialRoutes);
  const route = mesh.from('client', get('frontend.default.svc.cluster.local'), clusterAddress(frontend));
  expect(route).toMatchObject({ cluster: 'outbound|80||frontend.default.svc.cluster.local', attempts: 3 });
});

test('a VirtualService for the mesh holds for its host alone, and what it does not route is not found', () => {
  const mesh = new Echo();
  mesh.add(
    istio('networking', 'VirtualService', 'srv', 'echo', {
      hosts: ['echo'],
      http: [
        { match: [{ uri: { prefix: '/a' } }], directResponse: { status: 418, body: { string: 'tea' } } },
        {
          match: [{ uri: { prefix: '/b' } }],
          route: [{ destination: { host: 'echo' } }],
          retries: { attempts: 0 },
        },
      ],
    }),
    istio('networking', 'VirtualService', 'srv', 'at-gateway', {
      hosts: ['*'],
      gateways: ['gw'],
      http: [{ directResponse: { status: 200 } }],
    }),
  );
  const other = mesh.service('srv', 'other', { app: 'client' });
  expect(mesh.from('stranger', get(echoHost, '/a'))).toEqual({ kind: 'direct', status: 418, body: 'tea' });
  expect(mesh.from('stranger', get(echoHost, '/b'))).toMatchObject({ cluster: echoCluster, attempts: 1 });
  expect(mesh.from('stranger', get(echoHost, '/c'))).toEqual({ kind: 'not found' });
  expect(mesh.from('client', get('other', '/a'), clusterAddress(other))).toMatchObject({ kind: 'cluster' });
});

test('what a port of a pod speaks is what its oldest Service says', () => {
  const mesh = new Echo();
  mesh.service('srv', 'by-name', { app: 'echo', portName: 'tcp-x', targetPort: 'web' });
  mesh.service('ma', 'echo-elsewhere', { app: 'echo', portName: 'tcp' });
  const protocolOf = (port: number) => mesh.istiod.protocolOf(mesh.echo, port);
  expect(protocolOf(9000)).toBe('auto');
  // Of the same second, so by name.
  expect(protocolOf(8080)).toBe('tcp');
  mesh.store.remove('Service', 'by-name', 'srv');
  expect(protocolOf(8080)).toBe('http');
  expect(mesh.istiod.inboundOperation(mesh.echo, 8080)).toBe(`${echoHost}:80/*`);
  expect(mesh.istiod.inboundOperation(mesh.echo, 9000)).toBeUndefined();
});

test('of two Services of one second the first by its full name speaks for a port, as recorded of the shop', () => {
  const mesh = new Mesh();
  const pod = mesh.pod('default', 'frontend');
  mesh.service('default', 'frontend');
  mesh.service('default', 'frontend-external', { app: 'frontend' });
  expect(mesh.istiod.inboundOperation(pod, 8080)).toBe('frontend-external.default.svc.cluster.local:80/*');
});

import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { openSideHost, sideHost } from '../../../fixtures/shop/side-host.ts';
import type { Route } from '../../../reference/istio/route.ts';
import { routes as tutorialRoutes } from '../../../scripts/runbook/routing-the-traffic.ts';
import { get, istio, Mesh } from './mesh.ts';

const frontendCluster = 'outbound|80||frontend.default.svc.cluster.local';

/** The objects of the side host, as the suite makes them; its wait is cut short by the missing gateway. */
async function sideHostObjects(): Promise<KubeObject[]> {
  const made: KubeObject[] = [];
  const guest = { create: async (object: KubeObject) => void made.push(object) };
  const gone = new Error('nothing listens here');
  const send = () => Promise.reject(gone);
  await openSideHost(guest as never, { send } as never).catch((error: unknown) => {
    if (error !== gone) throw error;
  });
  return made;
}

class Shop extends Mesh {
  readonly frontend = this.pod('default', 'frontend');
  readonly proxy = this.gateway();

  constructor() {
    super();
    this.service('default', 'frontend');
  }

  at(authority: string, path = '/', rest: Parameters<typeof get>[2] = {}): Route {
    return this.istiod.routeAtGateway(this.proxy, 80, get(authority, path, rest));
  }
}

function gateway(namespace: string, name: string, hosts: string[], number = 80): KubeObject {
  const servers = [{ port: { number, name: 'http', protocol: 'HTTP' }, hosts }];
  return istio('networking', 'Gateway', namespace, name, { selector: { istio: 'ingressgateway' }, servers });
}

function virtualService(name: string, hosts: string[], http: object[], gateways = ['gw']): KubeObject {
  return istio('networking', 'VirtualService', 'default', name, { hosts, gateways, http });
}

function answers(status: number, rest: object = {}): object {
  return { ...rest, directResponse: { status } };
}

test("the tutorial's routes lead every request to the front end, with Istio's default retries", () => {
  const shop = new Shop();
  shop.add(...tutorialRoutes);
  expect(shop.at('127.0.0.1:30080', '/cart?x=1', { method: 'POST' })).toEqual({
    kind: 'cluster',
    cluster: frontendCluster,
    speaks: 'http',
    endpoints: [{ address: (shop.frontend.status as { podIP: string }).podIP, port: 8080, tls: 'mutual' }],
    attempts: 3,
    connectTimeoutMs: 10_000,
  });
});

test('only ready pods are endpoints', () => {
  const shop = new Shop();
  shop.add(...tutorialRoutes);
  shop.pod('default', 'frontend', { ready: false });
  expect(shop.at('shop')).toMatchObject({ endpoints: [{ port: 8080 }] });
});

test("the side host has its own routes, without retries, beside the tutorial's", async () => {
  const objects = await sideHostObjects();
  const shop = new Shop();
  shop.add(...tutorialRoutes, ...objects);
  const [cold] = objects;
  const host = `${cold?.metadata.name}.default.svc.cluster.local`;
  expect(shop.at(sideHost)).toMatchObject({ kind: 'cluster', cluster: `outbound|80||${host}`, attempts: 1 });
  expect(shop.at(sideHost.toUpperCase())).toMatchObject({ cluster: `outbound|80||${host}` });
  expect(shop.at(`${sideHost}:30080`, `/ready/${cold?.metadata.name}`)).toEqual({
    kind: 'direct',
    status: 204,
    body: '',
  });
  expect(shop.at(sideHost, '/no-such-route')).toEqual({ kind: 'not found' });
  expect(shop.at('shop', '/no-such-page')).toMatchObject({ cluster: frontendCluster });
});

test('without a Gateway or a VirtualService there is no route', () => {
  const shop = new Shop();
  expect(shop.at('shop')).toEqual({ kind: 'not found' });
  shop.add(gateway('default', 'gw', ['*']));
  expect(shop.at('shop')).toEqual({ kind: 'not found' });
  shop.add(virtualService('a', ['*'], [answers(200)]));
  expect(shop.at('shop')).toMatchObject({ kind: 'direct' });
  expect(shop.istiod.routeAtGateway(shop.proxy, 443, get('shop'))).toEqual({ kind: 'not found' });
  shop.store.remove('Gateway.networking.istio.io', 'gw', 'default');
  expect(shop.at('shop')).toEqual({ kind: 'not found' });
});

test('the closest host wins, whatever the order', () => {
  const shop = new Shop();
  shop.add(
    gateway('default', 'gw', ['*']),
    virtualService('a', ['*'], [answers(201)]),
    virtualService('b', ['*.example.org'], [answers(202)]),
    virtualService('c', ['*.shop.example.org'], [answers(203)]),
    virtualService('d', ['www.shop.example.org'], [answers(204)]),
  );
  const status = (host: string) => shop.at(host);
  expect(status('else.test')).toMatchObject({ status: 201 });
  expect(status('example.org')).toMatchObject({ status: 201 });
  expect(status('a.example.org')).toMatchObject({ status: 202 });
  expect(status('a.shop.example.org')).toMatchObject({ status: 203 });
  expect(status('www.shop.example.org:80')).toMatchObject({ status: 204 });
});

const matches: [
  what: string,
  match: object,
  hits: ReturnType<typeof get>[],
  misses: ReturnType<typeof get>[],
][] = [
  ['an exact path', { uri: { exact: '/a' } }, [get('h', '/a?b')], [get('h', '/a/'), get('h', '/A')]],
  ['a path in any case', { uri: { exact: '/a' }, ignoreUriCase: true }, [get('h', '/A')], [get('h', '/b')]],
  ['a prefix', { uri: { prefix: '/a' } }, [get('h', '/ab/c')], [get('h', '/b/a')]],
  [
    'a regular expression',
    { uri: { regex: '/a|/b+' } },
    [get('h', '/bb'), get('h', '/a?c')],
    [get('h', '/ab')],
  ],
  ['a method', { method: { exact: 'POST' } }, [get('h', '/', { method: 'POST' })], [get('h')]],
  ['a host', { authority: { prefix: 'h.' } }, [get('h.test')], [get('g.test')]],
  [
    'a header',
    { headers: { 'X-User': { exact: 'a,b' } } },
    [get('h', '/', { headers: { 'x-user': ['a', 'b'] } })],
    [get('h'), get('h', '/', { headers: { 'x-user': ['a'] } })],
  ],
  [
    'a header that must not be',
    { withoutHeaders: { 'x-user': {} } },
    [get('h')],
    [get('h', '/', { headers: { 'x-user': [''] } })],
  ],
  [
    'several things at once',
    { uri: { prefix: '/a' }, method: { exact: 'GET' } },
    [get('h', '/a')],
    [get('h', '/a', { method: 'POST' }), get('h')],
  ],
  ['requests by this gateway', { gateways: ['gw'] }, [get('h')], []],
  ['requests by another gateway', { gateways: ['other'] }, [], [get('h')]],
];

for (const [what, match, hits, misses] of matches) {
  test(`a route can be for ${what}`, () => {
    const shop = new Shop();
    shop.add(
      gateway('default', 'gw', ['*']),
      virtualService(
        'a',
        ['*'],
        [answers(201, { match: [{ uri: { exact: '/never' } }, match] }), answers(202)],
      ),
    );
    const status = (request: ReturnType<typeof get>) => shop.istiod.routeAtGateway(shop.proxy, 80, request);
    for (const request of hits) expect(status(request)).toMatchObject({ status: 201 });
    for (const request of misses) expect(status(request)).toMatchObject({ status: 202 });
  });
}

test('of several VirtualServices for a host the one that takes everything comes last', () => {
  const shop = new Shop();
  shop.add(
    gateway('default', 'gw', ['*']),
    virtualService('a', ['*'], [answers(201), answers(200, { match: [{ uri: { exact: '/x' } }] })]),
    virtualService('b', ['*'], [answers(202, { match: [{ uri: { prefix: '/b' } }] })]),
  );
  expect(shop.at('h', '/b')).toMatchObject({ status: 202 });
  expect(shop.at('h', '/x')).toMatchObject({ status: 201 });
});

test('a Gateway serves the hosts and namespaces that it lists', () => {
  const shop = new Shop();
  shop.add(
    gateway('edge', 'gw', ['default/*.example.org', 'other/*']),
    virtualService('a', ['www.example.org', 'www.example.com'], [answers(200)], ['edge/gw']),
  );
  expect(shop.at('www.example.org')).toMatchObject({ status: 200 });
  expect(shop.at('www.example.com')).toEqual({ kind: 'not found' });
});

test('the port to listen on is the one that the Service before the gateway leads to', () => {
  const shop = new Shop();
  expect(shop.istiod.gatewayPorts(shop.proxy)).toEqual([]);
  shop.add(gateway('default', 'gw', ['*']), gateway('default', 'odd', ['*'], 9999));
  expect(shop.istiod.gatewayPorts(shop.proxy)).toEqual([
    { port: 80, serverPort: 80 },
    { port: 9999, serverPort: 9999 },
  ]);
  shop.service('istio-system', 'istio-ingressgateway');
  expect(shop.istiod.gatewayPorts(shop.proxy)).toEqual([
    { port: 8080, serverPort: 80 },
    { port: 9999, serverPort: 9999 },
  ]);
  expect(shop.istiod.gatewayPorts(shop.frontend)).toEqual([]);
});

test('a DestinationRule sets time-outs and the use of connections; a host without Service has no endpoints', () => {
  const shop = new Shop();
  const trafficPolicy = {
    connectionPool: { tcp: { connectTimeout: '1s' }, http: { maxRequestsPerConnection: 1 } },
  };
  const to = (host: string) => [{ route: [{ destination: { host } }], retries: { attempts: 4 } }];
  shop.add(
    gateway('default', 'gw', ['*']),
    virtualService('a', ['a.test'], to('frontend')),
    virtualService('b', ['b.test'], to('missing')),
    istio('networking', 'DestinationRule', 'default', 'cold', { host: 'frontend', trafficPolicy }),
    istio('networking', 'DestinationRule', 'elsewhere', 'other', {
      host: 'frontend.default.svc.cluster.local',
      trafficPolicy: { connectionPool: { tcp: { connectTimeout: '9s' } } },
    }),
  );
  expect(shop.at('a.test')).toMatchObject({
    cluster: frontendCluster,
    attempts: 5,
    connectTimeoutMs: 1_000,
    maxRequestsPerConnection: 1,
  });
  expect(shop.at('b.test')).toMatchObject({
    cluster: 'outbound|80||missing.default.svc.cluster.local',
    endpoints: [],
    connectTimeoutMs: 10_000,
  });
});

test('weights are kept exactly', () => {
  const shop = new Shop();
  const to = (host: string, weight: number) => ({ destination: { host, port: { number: 80 } }, weight });
  shop.add(
    gateway('default', 'gw', ['*']),
    virtualService('a', ['*'], [{ route: [to('frontend', 1), to('canary', 3)] }]),
  );
  const clusters = Array.from({ length: 8 }, () => (shop.at('h') as { cluster: string }).cluster);
  expect(clusters.filter((cluster) => cluster === frontendCluster)).toHaveLength(2);
});

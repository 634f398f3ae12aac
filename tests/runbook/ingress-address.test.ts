import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { canonicalHost, parseAddress, writeAddress } from '../../scripts/runbook/address.ts';
import { addressesOf } from '../../scripts/runbook/ingress-address.ts';

const ports = [
  { name: 'status-port', port: 15021, nodePort: 30021 },
  { name: 'http2', port: 80, nodePort: 30080 },
];

function service(ingress: object[] | undefined, servicePorts: object[] = ports): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'istio-ingressgateway', namespace: 'istio-system' },
    spec: { ports: servicePorts },
    status: { loadBalancer: ingress === undefined ? {} : { ingress } },
  };
}

function node(...addresses: [type: string, address: string][]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node' },
    status: { addresses: addresses.map(([type, address]) => ({ type, address })) },
  };
}

test("a load balancer's addresses come first, at port 80, then the node port on every node", () => {
  const nodes = [
    node(['InternalIP', '10.0.0.1'], ['ExternalIP', '192.0.2.1'], ['Hostname', 'node-1']),
    node(['InternalIP', '10.0.0.2']),
  ];
  expect(addressesOf(service([{ ip: '203.0.113.7' }, { hostname: 'lb.example.com' }]), nodes)).toEqual([
    { host: '203.0.113.7', port: 80 },
    { host: 'lb.example.com', port: 80 },
    { host: '10.0.0.1', port: 30080 },
    { host: '192.0.2.1', port: 30080 },
    { host: '10.0.0.2', port: 30080 },
  ]);
});

test('without a load balancer there are the node ports', () => {
  expect(addressesOf(service(undefined), [node(['InternalIP', '10.0.0.1'])])).toEqual([
    { host: '10.0.0.1', port: 30080 },
  ]);
});

test('without a node port there is the load balancer alone', () => {
  const only = service([{ ip: '203.0.113.7' }], [{ port: 80 }]);
  expect(addressesOf(only, [node(['InternalIP', '10.0.0.1'])])).toEqual([{ host: '203.0.113.7', port: 80 }]);
});

test('a gateway without either, or without a port 80, has no address', () => {
  expect(addressesOf(service(undefined, [{ port: 80 }]), [node(['InternalIP', '10.0.0.1'])])).toEqual([]);
  expect(
    addressesOf(service(undefined, [{ port: 443, nodePort: 30443 }]), [node(['InternalIP', '10.0.0.1'])]),
  ).toEqual([]);
});

test('a service and nodes that have no status yet have no address', () => {
  const { status: _, ...young } = service(undefined);
  expect(addressesOf(young as KubeObject, [{ ...node(), status: {} }])).toEqual([]);
});

const urls: [url: string, host: string, port: number][] = [
  ['http://192.0.2.1:30080', '192.0.2.1', 30080],
  ['http://shop.example.com', 'shop.example.com', 80],
  ['http://shop.example.com/', 'shop.example.com', 80],
  ['http://[2001:db8::1]:8080', '2001:db8::1', 8080],
];

for (const [host, port, written] of [
  ['192.0.2.1', 80, '192.0.2.1:80'],
  ['2001:db8::1', 30080, '[2001:db8::1]:30080'],
  ['shop.example.com', 80, 'shop.example.com:80'],
] as const) {
  test(`${host} at port ${port} is written ${written}`, () => {
    expect(writeAddress({ host, port })).toBe(written);
  });
}

for (const [spelling, canonical] of [
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['192.0.2.1', '192.0.2.1'],
  ['node-1', 'node-1'],
] as const) {
  test(`${spelling} is the same host as ${canonical}`, () => {
    expect(canonicalHost(spelling)).toBe(canonical);
  });
}

test('on two IP versions every address of a node is tried', () => {
  const dual = node(['InternalIP', '10.0.0.1'], ['InternalIP', 'fd00::1']);
  expect(addressesOf(service([{ ip: '2001:db8::7' }]), [dual])).toEqual([
    { host: '2001:db8::7', port: 80 },
    { host: '10.0.0.1', port: 30080 },
    { host: 'fd00::1', port: 30080 },
  ]);
});

for (const [url, host, port] of urls) {
  test(`${url} is ${host} at port ${port}`, () => {
    expect(parseAddress(url)).toEqual({ host, port });
  });
}

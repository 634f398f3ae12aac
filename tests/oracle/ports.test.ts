import { expect, test } from '@playwright/test';
import { allowing, answer, isOpen, kubernetesPolicy } from './street.ts';

/** Rules, and the ports of those asked that they let in. */
const rules: [rule: object, ports: number[]][] = [
  [{ protocol: 'TCP', destination: { ports: [8080] } }, [8080]],
  [{ protocol: 'TCP', destination: { ports: ['8000:8081'] } }, [8080, 8081]],
  [{ protocol: 'TCP', destination: { ports: [80, '8081:8081'] } }, [80, 8081]],
  [{ protocol: 'TCP', destination: { ports: ['web'] } }, [8080]],
  // That port is UDP's.
  [{ protocol: 'TCP', destination: { ports: ['dns'] } }, []],
  [{ protocol: 'TCP', destination: { notPorts: ['web', 80] } }, [8081]],
  [{ protocol: 'TCP', destination: { ports: ['web', 80], notPorts: [80] } }, [8080]],
  [{ protocol: 'TCP', destination: { selector: "app == 'alice'", ports: ['web'] } }, []],
  [{ protocol: 'TCP', source: { ports: ['40000:40001'] } }, [80, 8080, 8081]],
  [{ protocol: 'TCP', source: { notPorts: [40000] } }, []],
  [{ protocol: 'UDP', destination: { ports: [8080] } }, []],
  [{ protocol: 6 }, [80, 8080, 8081]],
  [{ protocol: 17 }, []],
  [{ notProtocol: 'UDP' }, [80, 8080, 8081]],
  [{ notProtocol: 'TCP' }, []],
  [{ notProtocol: 6 }, []],
  [{ protocol: 'ICMP' }, []],
  [{ ipVersion: 4 }, [80, 8080, 8081]],
  [{ ipVersion: 6 }, []],
  [{ source: { notNets: ['fd00::/64'] } }, []],
];

for (const [rule, expected] of rules) {
  test(`ports of ${JSON.stringify(rule)}`, () => {
    const policies = [allowing(rule)];
    const ports = [80, 8080, 8081];
    expect(ports.filter((port) => answer(policies, { port }) === 'OK')).toEqual(expected);
    expect(ports.filter((port) => isOpen(policies, { port }))).toEqual(expected);
  });
}

const kubernetesPorts: [ports: object[], expected: number[]][] = [
  [[], [80, 8080, 8081]],
  [[{ port: 8080 }], [8080]],
  [[{ port: 8080, endPort: 8090 }], [8080, 8081]],
  [[{ port: 'web' }], [8080]],
  [[{ protocol: 'TCP' }], [80, 8080, 8081]],
  [[{ protocol: 'UDP' }], []],
  [
    [{ port: 80 }, { port: 8081 }],
    [80, 8081],
  ],
];

for (const [ports, expected] of kubernetesPorts) {
  test(`Kubernetes' ports: ${JSON.stringify(ports)}`, () => {
    const policies = [kubernetesPolicy({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports }] })];
    expect([80, 8080, 8081].filter((port) => answer(policies, { port }) === 'OK')).toEqual(expected);
  });
}

test('HTTP clauses matter to Dikastes alone, and to HTTP alone', () => {
  const policies = [allowing({ http: { methods: ['GET'], paths: [{ exact: '/pub' }] } })];
  expect(answer(policies, { path: '/pub' })).toBe('OK');
  expect(answer(policies, { path: '/cart' })).toBe('PERMISSION_DENIED');
  expect(answer(policies, { path: '/pub', method: 'POST' })).toBe('PERMISSION_DENIED');
  expect(answer(policies, { path: '' })).toBe('INVALID_ARGUMENT');
  expect(answer(policies, { plain: true })).toBe('PERMISSION_DENIED');
  for (const asked of [{ path: '/cart' }, { path: '' }, { plain: true }]) {
    expect(isOpen(policies, asked)).toBe(true);
  }
});

test('who is not meant by a rule does not trip over its paths', () => {
  const policies = [allowing({ source: { nets: ['10.9.0.0/16'] }, http: { paths: [{ prefix: '/' }] } })];
  expect(answer(policies, { path: '' })).toBe('PERMISSION_DENIED');
});

const methods: [listed: string[], method: string, status: string][] = [
  [['GET'], 'GET', 'OK'],
  [['GET'], 'HEAD', 'PERMISSION_DENIED'],
  [['get'], 'GET', 'PERMISSION_DENIED'],
  [['GET', 'PURGE'], 'PURGE', 'OK'],
  [['*'], 'anything', 'OK'],
  [[], 'POST', 'OK'],
];

for (const [listed, method, status] of methods) {
  test(`methods ${JSON.stringify(listed)} and ${method}`, () => {
    expect(answer([allowing({ http: { methods: listed } })], { method })).toBe(status);
  });
}

test('a path entry with both is exact, and one with neither is none', () => {
  const both = [allowing({ http: { paths: [{ exact: '/', prefix: '/static' }] } })];
  expect(answer(both, { path: '/' })).toBe('OK');
  expect(answer(both, { path: '/static/a' })).toBe('PERMISSION_DENIED');
  expect(answer([allowing({ http: { paths: [{}] } })], { path: '/cart' })).toBe('OK');
});

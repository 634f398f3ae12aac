import { expect, test } from '@playwright/test';
import type { ModeSetting, PeerPolicy } from '../../../reference/istio/peer-authentication.ts';
import { oldestFirst } from '../../../reference/istio/workload.ts';
import { istioRules } from '../../../reference/rules/istio.ts';
import { Mesh, peerAuthentication } from './mesh.ts';

interface Given {
  in?: string;
  mode?: ModeSetting;
  selects?: Record<string, string>;
  ports?: Record<number, ModeSetting>;
  /** Day of creation. */
  day?: number;
  name?: string;
}

function policy({
  in: namespace = 'srv',
  mode = 'UNSET',
  selects,
  ports = {},
  day = 1,
  name,
}: Given): PeerPolicy {
  return {
    namespace,
    name: name ?? `${namespace}-${day}`,
    created: `2026-11-0${day}T00:00:00Z`,
    ...(selects && { matchLabels: selects }),
    mode,
    ports: new Map(Object.entries(ports).map(([port, setting]) => [Number(port), setting])),
  };
}

const echo = { app: 'echo' };
const strict: Given = { in: 'istio-system', mode: 'STRICT' };

// Rows of the measured table: what plaintext to the container's ports 8080 and 8081 came to (Istio 1.28.10).
const rows: [what: string, policies: Given[], on8080: string, on8081: string][] = [
  ['no policy', [], 'PERMISSIVE', 'PERMISSIVE'],
  ['mesh STRICT only', [strict], 'STRICT', 'STRICT'],
  ['namespace PERMISSIVE', [strict, { mode: 'PERMISSIVE' }], 'PERMISSIVE', 'PERMISSIVE'],
  [
    'namespace PERMISSIVE and workload STRICT',
    [strict, { mode: 'PERMISSIVE' }, { mode: 'STRICT', selects: echo }],
    'STRICT',
    'STRICT',
  ],
  [
    'namespace STRICT and workload PERMISSIVE',
    [strict, { mode: 'STRICT' }, { mode: 'PERMISSIVE', selects: echo }],
    'PERMISSIVE',
    'PERMISSIVE',
  ],
  [
    'namespace PERMISSIVE and workload UNSET',
    [strict, { mode: 'PERMISSIVE' }, { selects: echo }],
    'PERMISSIVE',
    'PERMISSIVE',
  ],
  ['namespace UNSET', [strict, {}], 'STRICT', 'STRICT'],
  [
    'two of a namespace, the older STRICT',
    [
      { mode: 'PERMISSIVE', day: 2 },
      { mode: 'STRICT', day: 1 },
    ],
    'STRICT',
    'STRICT',
  ],
  [
    'two of a workload, the older PERMISSIVE',
    [
      { mode: 'STRICT', selects: echo, day: 2 },
      { mode: 'PERMISSIVE', selects: echo, day: 1 },
    ],
    'PERMISSIVE',
    'PERMISSIVE',
  ],
  [
    'two of one second, of which the first by name counts',
    [
      { mode: 'STRICT', name: 'b' },
      { mode: 'DISABLE', name: 'a' },
    ],
    'DISABLE',
    'DISABLE',
  ],
  [
    'a selector in the root namespace, which is ignored',
    [strict, { in: 'istio-system', mode: 'PERMISSIVE', selects: echo }],
    'STRICT',
    'STRICT',
  ],
  ['namespace DISABLE', [strict, { mode: 'DISABLE' }], 'DISABLE', 'DISABLE'],
  [
    'workload STRICT and port 8080 DISABLE',
    [strict, { mode: 'STRICT', selects: echo, ports: { 8080: 'DISABLE' } }],
    'DISABLE',
    'STRICT',
  ],
  [
    'the port of the Service, which no container has',
    [strict, { mode: 'STRICT', selects: echo, ports: { 80: 'DISABLE' } }],
    'STRICT',
    'STRICT',
  ],
  [
    'port 8080 PERMISSIVE and nothing else',
    [strict, { selects: echo, ports: { 8080: 'PERMISSIVE' } }],
    'PERMISSIVE',
    'STRICT',
  ],
  [
    'workload PERMISSIVE and port 8080 STRICT',
    [strict, { mode: 'PERMISSIVE', selects: echo, ports: { 8080: 'STRICT' } }],
    'STRICT',
    'PERMISSIVE',
  ],
  [
    'a port left UNSET, which inherits from its workload',
    [strict, { mode: 'PERMISSIVE', selects: echo, ports: { 8080: 'UNSET' } }],
    'PERMISSIVE',
    'PERMISSIVE',
  ],
  [
    'another workload of the namespace',
    [{ mode: 'STRICT', selects: { app: 'other' } }],
    'PERMISSIVE',
    'PERMISSIVE',
  ],
  ['another namespace', [{ in: 'other', mode: 'STRICT' }], 'PERMISSIVE', 'PERMISSIVE'],
];

for (const [what, policies, on8080, on8081] of rows) {
  test(`${what}: 8080 is ${on8080}, 8081 ${on8081}`, () => {
    const sorted = oldestFirst(policies.map(policy));
    const workload = { namespace: 'srv', labels: echo, gateway: false };
    expect(istioRules.modeOf(sorted, workload, 8080)).toBe(on8080);
    expect(istioRules.modeOf(sorted, workload, 8081)).toBe(on8081);
  });
}

test('policies are read as they are stored, and a deleted one no longer counts', () => {
  const mesh = new Mesh();
  const pod = mesh.pod('srv', 'echo');
  mesh.add(
    peerAuthentication('istio-system', 'default-strict-mode', { mtls: { mode: 'STRICT' } }),
    peerAuthentication('srv', 'echo', {
      selector: { matchLabels: { app: 'echo' } },
      portLevelMtls: { '8080': { mode: 'PERMISSIVE' } },
    }),
    peerAuthentication('srv', 'empty', {}),
  );
  expect(mesh.istiod.inboundMode(pod, 8080)).toBe('PERMISSIVE');
  expect(mesh.istiod.inboundMode(pod, 8081)).toBe('STRICT');
  mesh.store.remove('PeerAuthentication.security.istio.io', 'echo', 'srv');
  expect(mesh.istiod.inboundMode(pod, 8080)).toBe('STRICT');
});

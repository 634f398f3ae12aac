import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { meshMode, strictMutualTls } from '../../scripts/runbook/peer-authentication.ts';
import { FakeCluster } from '../guest/fake-cluster.ts';

/** A mesh-wide policy, made on a day of January. */
function policy(name: string, mode: string | undefined, day = 1, spec: object = {}): KubeObject {
  return {
    ...strictMutualTls,
    metadata: { name, namespace: 'istio-system', creationTimestamp: `2026-01-0${day}T00:00:00Z` },
    spec: { ...spec, ...(mode !== undefined && { mtls: { mode } }) },
  };
}

const meshes: [what: string, policies: KubeObject[], mode: string][] = [
  ['no policy', [], 'PERMISSIVE'],
  ["the tutorial's policy", [{ ...strictMutualTls }], 'STRICT'],
  ['a policy without a mode', [policy('a', undefined)], 'PERMISSIVE'],
  ['a policy that leaves the mode open', [policy('a', 'UNSET')], 'PERMISSIVE'],
  [
    'a policy for some workloads only',
    [policy('a', 'STRICT', 1, { selector: { matchLabels: { app: 'x' } } })],
    'PERMISSIVE',
  ],
  [
    'a policy of another namespace',
    [{ ...policy('a', 'STRICT'), metadata: { name: 'a', namespace: 'shop' } }],
    'PERMISSIVE',
  ],
  [
    'two policies, of which the older counts',
    [policy('a', 'STRICT', 2), policy('b', 'DISABLE', 1)],
    'DISABLE',
  ],
];

for (const [what, policies, mode] of meshes) {
  test(`a mesh with ${what} is ${mode}`, async () => {
    expect(await meshMode(new FakeCluster(policies).asCluster)).toBe(mode);
  });
}

test('a cluster without Istio demands nothing', async () => {
  const cluster = new FakeCluster();
  cluster.missing.add('PeerAuthentication');
  expect(await meshMode(cluster.asCluster)).toBe('PERMISSIVE');
});

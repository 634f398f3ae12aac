import { expect, test } from '@playwright/test';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { Circumstances } from '../../scripts/targets/checks/check.ts';
import { sentenceOf } from '../../scripts/targets/checks/check.ts';
import { istioKinds } from '../../scripts/targets/checks/istio-kinds.ts';
import { FakeCluster } from '../guest/fake-cluster.ts';

function clusterWith(...kinds: string[]): Cluster {
  return new FakeCluster(
    kinds.map((name) => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name },
    })),
  ).asCluster;
}

async function found(cluster: Cluster, istioInstalled: boolean): Promise<string> {
  const finding = await istioKinds.look(cluster, {
    inspection: { istioInstalled },
    options: {},
  } as unknown as Circumstances);
  return `${finding.verdict}: ${sentenceOf(finding)}`;
}

const left = [
  'gateways.networking.istio.io',
  'virtualservices.networking.istio.io',
  'sidecars.networking.istio.io',
  'telemetries.telemetry.istio.io',
];

test("where there is no Istio, its kinds are someone else's, and would go with ours", async () => {
  expect(await found(clusterWith(...left, 'tiers.projectcalico.org'), false)).toMatch(
    /^unfit: The cluster has kinds of Istio's \(gateways\.networking\.istio\.io, sidecars\.\S+, telemetries\.\S+ and 1 more\) and no Istio, .+: install Istio yourself, or delete these kinds/,
  );
});

test('where there is Istio, they are its own', async () => {
  expect(await found(clusterWith(...left), true)).toMatch(/^fit:/);
});

test('kinds of others are none of our business', async () => {
  expect(await found(clusterWith('tiers.projectcalico.org', 'istios.operator.tigera.io'), false)).toMatch(
    /^fit:/,
  );
});

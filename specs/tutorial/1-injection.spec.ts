import { podLogs } from '../../fixtures/cluster/logs.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { containersOf, isReady } from '../../fixtures/cluster/pods.ts';
import { isOfRelease } from '../../fixtures/injector/release.ts';
import { felixConfiguration, policySyncPath, policySyncPathIn } from '../../fixtures/policy-sync.ts';
import { adminPage } from '../../fixtures/proxy/admin.ts';
import { inboundChains } from '../../fixtures/proxy/inbound-chains.ts';
import { podsOf } from '../../fixtures/sandbox/pod.ts';
import { type Shop, shopNamespace } from '../../fixtures/shop/shop.ts';
import { expect, requirement } from '../../fixtures/test.ts';

requirement('INST-05', 'the front end', async ({ shop }) => {
  const pods = await shop.pods();
  expect(pods, 'running pods of the front end').not.toHaveLength(0);
  for (const pod of pods) {
    const containers = containersOf(pod);
    expect(containers.map(({ name }) => name).sort(), `containers of ${pod.metadata.name}`).toEqual([
      'dikastes',
      'istio-proxy',
      'server',
    ]);
    expect(
      containers.filter(({ ready }) => !ready).map(({ name }) => name),
      `containers of ${pod.metadata.name} that are not ready`,
    ).toEqual([]);
    expect(isReady(pod), `${pod.metadata.name} is ready`).toBe(true);
  }
});

requirement('INST-06', async ({ cluster, mesh }) => {
  const before = mesh.frontendBefore ?? [];
  expect(before, 'pods of the front end before the restart').not.toHaveLength(0);
  for (const { pod, containers } of before) {
    expect(containers, `containers of ${pod}, before the restart`).toEqual(['server']);
  }
  const others = await podsOf(cluster, shopNamespace, 'app in (cartservice, productcatalogservice)');
  expect(others, 'running pods that were not restarted').not.toHaveLength(0);
  for (const pod of others) {
    const names = containersOf(pod).map(({ name }) => name);
    expect(names, `containers of ${pod.metadata.name}, which was not restarted`).toHaveLength(1);
  }
});

requirement('INST-07', async ({ cluster, shop }) => {
  for (const pod of await running(shop)) {
    const dikastes = containersOf(pod).find(({ name }) => name === 'dikastes');
    // Its readiness probe asks Dikastes whether it is in sync (calico app-policy/health).
    expect(dikastes?.ready, `Dikastes of ${pod.metadata.name} is ready, that is in sync with Felix`).toBe(
      true,
    );
    const log = await podLogs(cluster, {
      namespace: shopNamespace,
      pod: pod.metadata.name,
      container: 'dikastes',
    });
    expect(log, `log of Dikastes of ${pod.metadata.name}`).toMatch(
      /[Ss]tarting synchronization with Policy Sync/,
    );
  }
});

requirement('INST-04', async ({ cluster, shop }) => {
  for (const { metadata } of await running(shop)) {
    const pod = { namespace: shopNamespace, pod: metadata.name };
    const chains = inboundChains(await adminPage(cluster, pod, 'config_dump?resource=dynamic_listeners'));
    for (const traffic of ['requests', 'connections'] as const) {
      const those = chains.filter(({ carries }) => carries === traffic);
      expect(those, `filter chains for ${traffic}, inbound of ${metadata.name}`).not.toHaveLength(0);
    }
    const faults = chains.flatMap(({ name, faults }) => faults.map((fault) => `${name} ${fault}`));
    expect(faults, `what is wrong with the filter chains inbound of ${metadata.name}`).toEqual([]);
  }
});

requirement('INST-01', 'after the tutorial', async ({ cluster }) => {
  const path = policySyncPathIn(await cluster.get(felixConfiguration));
  expect(path, 'policySyncPathPrefix of FelixConfiguration default').toBe(policySyncPath);
});

requirement('INST-08', async ({ shop, run }) => {
  for (const pod of await running(shop)) {
    const dikastes = containersOf(pod).find(({ name }) => name === 'dikastes');
    expect(dikastes, `Dikastes in ${pod.metadata.name}`).toBeDefined();
    const { image } = dikastes!;
    // From whatever registry: a mirror is the same release.
    const same = isOfRelease(image, run.versions.calico);
    if (same === undefined)
      throw new Error(`${image} has no tag that names a release; give one with it by --dikastes-image.`);
    expect(same, `${image} in ${pod.metadata.name} is of the release of Calico, ${run.versions.calico}`).toBe(
      true,
    );
  }
});

async function running(shop: Shop): Promise<KubeObject[]> {
  const pods = await shop.pods();
  expect(pods, 'running pods of the front end').not.toHaveLength(0);
  return pods;
}

import { containersOf, isReady } from '../../fixtures/cluster/pods.ts';
import { askForDikastes } from '../../fixtures/injector/ask.ts';
import { dryRunInjection } from '../../fixtures/injector/dry-run.ts';
import { expect, requirement } from '../../fixtures/test.ts';

requirement('INST-02', async ({ cluster, shop }) => {
  const driver = await cluster.find({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    name: 'csi.tigera.io',
  });
  expect(driver, 'CSIDriver csi.tigera.io').toBeDefined();
  const nodes = new Set((await shop.pods()).map(({ spec }) => (spec as { nodeName: string }).nodeName));
  expect([...nodes], 'nodes that host the front end').not.toHaveLength(0);
  for (const name of nodes) {
    const node = await cluster.get({ apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', name });
    const { drivers } = node.spec as { drivers: { name: string }[] | null };
    expect(
      (drivers ?? []).map((driver) => driver.name),
      `CSI drivers registered on ${name}`,
    ).toContain('csi.tigera.io');
  }
});

requirement('INST-03', async ({ cluster, sandbox, run }) => {
  const injected = await dryRunInjection(cluster, sandbox.mesh, askForDikastes(run.versions.istio));
  expect(injected.containers).toEqual(expect.arrayContaining(['app', 'istio-proxy', 'dikastes']));
});

requirement('INST-05', 'a workload of the sandbox', async ({ sandbox }) => {
  const pod = await sandbox.pod('echo');
  const names = containersOf(pod).map(({ name }) => name);
  expect(names.sort(), `containers of ${pod.metadata.name}`).toEqual(['agent', 'dikastes', 'istio-proxy']);
  expect(isReady(pod), `${pod.metadata.name} is ready`).toBe(true);
});

requirement('INST-09', async ({ cluster, sandbox, run }) => {
  const namespace = sandbox.namespaceOf('plain');
  // A pod without a wish of its own, since the sandbox's own pods there forbid a sidecar whatever their namespace says.
  const made = await dryRunInjection(cluster, namespace, askForDikastes(run.versions.istio), {});
  expect(made.containers, `containers of a pod in ${namespace}`).toEqual(['app']);
});

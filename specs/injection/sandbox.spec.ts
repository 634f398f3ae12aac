import { containersOf, isReady } from '../../fixtures/cluster/pods.ts';
import { askForDikastes } from '../../fixtures/injector/ask.ts';
import { dryRunInjection } from '../../fixtures/injector/dry-run.ts';
import { felixConfiguration, policySyncPath, policySyncPathIn } from '../../fixtures/policy-sync.ts';
import { podsOf } from '../../fixtures/sandbox/pod.ts';
import { expect, requirement } from '../../fixtures/test.ts';

requirement('INST-02', async ({ cluster, sandbox, shop }) => {
  const driver = await cluster.find({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    name: 'csi.tigera.io',
  });
  expect(driver, 'CSIDriver csi.tigera.io').toBeDefined();
  const injected = (await podsOf(cluster, sandbox.mesh, 'app')).filter((pod) =>
    containersOf(pod).some(({ name }) => name === 'dikastes'),
  );
  const pods = [...(await shop.pods()), ...injected];
  const nodes = new Set(pods.map(({ spec }) => (spec as { nodeName: string }).nodeName));
  expect(injected, 'injected pods of the sandbox').not.toHaveLength(0);
  expect([...nodes], 'nodes that host injected pods').not.toHaveLength(0);
  for (const name of nodes) {
    const node = await cluster.get({ apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', name });
    const { drivers } = node.spec as { drivers: { name: string }[] | null };
    expect(
      (drivers ?? []).map((driver) => driver.name),
      `CSI drivers registered on ${name}`,
    ).toContain('csi.tigera.io');
  }
});

// Whatever sets it back has had the time of all that was proven before.
requirement('INST-01', 'later in the run', async ({ cluster }) => {
  const path = policySyncPathIn(await cluster.get(felixConfiguration));
  expect(path, 'policySyncPathPrefix of FelixConfiguration default').toBe(policySyncPath);
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

import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Cluster } from '../../../fixtures/cluster/client.ts';
import type { KubeObject, Ref } from '../../../fixtures/cluster/objects.ts';
import { containersOf } from '../../../fixtures/cluster/pods.ts';
import { Journal } from '../../../fixtures/guest/journal.ts';
import { undo } from '../../../fixtures/guest/undo.ts';
import { journalFile, type Run } from '../../../fixtures/run.ts';
import { sandboxName } from '../../../fixtures/sandbox/open.ts';
import { podsOf } from '../../../fixtures/sandbox/pod.ts';
import { runbook } from '../../../scripts/runbook/index.ts';
import { take } from '../../../scripts/runbook/walk.ts';
import { inspect } from '../../../scripts/targets/inspect.ts';
import { preflight, UnfitError } from '../../../scripts/targets/preflight.ts';
import { openPlace, type Place } from '../../checks/fixture.ts';

// The runbook on meshes as people have them. Everything else of a run looks at what the runbook has left.

test.describe.configure({ timeout: 120_000 });

const shop: Ref = { apiVersion: 'v1', kind: 'Namespace', name: 'default' };
const frontend: Ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'frontend' };
const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' };

/** What keeps the front end out of restricted namespaces, as Online Boutique is released. */
const withSeccomp = {
  spec: { template: { spec: { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } } } },
};

async function label(cluster: Cluster, labels: Record<string, string>): Promise<void> {
  await cluster.patch(shop, { metadata: { labels } }, { type: 'merge' });
}

/** A run on a place, as the verb would make it. */
async function runOn({ cluster }: Place, folder: string, asked: Partial<Run> = {}): Promise<Run> {
  const { versions } = await inspect(cluster, undefined, asked.revision);
  return {
    id: 'shape',
    folder,
    pid: process.pid,
    target: 'reference',
    context: 'reference',
    selected: [],
    workers: 1,
    agentImage: 'docker.io/library/node:24-alpine',
    istioInstallArgs: [],
    versions: { ...versions, boutique: 'v0.10.6' },
    ...asked,
  } as unknown as Run;
}

async function walk({ cluster }: Place, run: Run): Promise<void> {
  await preflight(cluster, await inspect(cluster, undefined, run.revision), run);
  for (const step of runbook) await take(step, cluster, run);
}

async function putBack({ cluster }: Place, run: Run): Promise<void> {
  const undone = await undo(cluster, new Journal(journalFile(run)), {
    run: run.id,
    uninstall: async () => {},
  });
  expect(undone).toEqual({ left: [], failed: [] });
}

/** The names of all containers of a pod, those that end before the others start as well. */
function containers(pod: KubeObject | undefined): string[] {
  if (pod === undefined) return [];
  const { initContainers = [] } = pod.spec as { initContainers?: { name: string }[] };
  return [...new Set([...initContainers, ...containersOf(pod)].map(({ name }) => name))].sort();
}

const registry: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'registry', namespace: 'default' },
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': 'e30=' },
};
const narrow: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Sidecar',
  metadata: { name: 'default', namespace: 'istio-system' },
  spec: { egress: [{ hosts: ['./*', 'istio-system/*'] }] },
};

test('a revision, the CNI plugin, restricted namespaces, a narrow Sidecar and a pull secret, all at once', async ({}, info) => {
  const place = await openPlace(info.outputPath('kubeconfig'), {
    istio: { revision: 'blue', tags: ['prod'], cni: true },
  });
  const { cluster, make } = place;
  make(registry, narrow);
  await label(cluster, { ...restricted, 'istio-injection': 'disabled' });
  await cluster.patch(frontend, withSeccomp, { type: 'merge' });
  const before = await cluster.get(shop);

  const run = await runOn(place, join(info.outputPath(), 'run'), {
    revision: 'prod',
    pullSecret: 'default/registry',
  });
  await walk(place, run);

  const [pod] = await podsOf(cluster, 'default', 'app=frontend');
  expect(containers(pod)).toEqual(['dikastes', 'istio-proxy', 'istio-validation', 'server']);
  expect(pod?.metadata.annotations).toMatchObject({ 'istio.io/rev': 'blue' });
  expect(pod?.spec).toMatchObject({ imagePullSecrets: [{ name: 'alp-conformance-pull' }] });
  const labelled = (await cluster.get(shop)).metadata.labels;
  expect(labelled).toMatchObject({ 'istio.io/rev': 'prod' });
  expect(labelled, 'a label that would come first').not.toHaveProperty('istio-injection');

  const mesh = sandboxName(run, 0);
  const [echo] = await podsOf(cluster, mesh, 'app=echo');
  expect(containers(echo)).toEqual(['agent', 'dikastes', 'istio-proxy', 'istio-validation']);
  expect(await cluster.get({ ...shop, name: mesh })).toMatchObject({
    metadata: { labels: { ...restricted, 'istio.io/rev': 'prod' } },
  });
  expect(await cluster.get({ ...narrow, namespace: mesh, name: 'default' })).toMatchObject({
    spec: { egress: [{ hosts: ['*/*'] }] },
  });

  await putBack(place, run);
  expect((await cluster.get(shop)).metadata.labels).toEqual(before.metadata.labels);
  expect(
    await cluster.find({ ...registry, namespace: 'default', name: 'alp-conformance-pull' }),
  ).toBeUndefined();
  await cluster.close();
  await place.mesh.shut();
});

test('without the CNI plugin a restricted namespace is refused in words, before anything is changed', async ({}, info) => {
  const place = await openPlace(info.outputPath('kubeconfig'));
  const { cluster, mesh } = place;
  await label(cluster, restricted);
  await cluster.patch(frontend, withSeccomp, { type: 'merge' });
  const inspection = await inspect(cluster, undefined);
  const refused = preflight(cluster, inspection, {});
  await expect(refused).rejects.toThrow(UnfitError);
  await expect(refused).rejects.toThrow(
    /^The front end's pod could not be made with a sidecar and Dikastes \(.+"istio-init".+NET_ADMIN.+\): let Istio's CNI plugin redirect traffic/,
  );
  const namespaces = mesh.store.list('Namespace').map(({ metadata }) => metadata.name);
  expect(namespaces.filter((name) => name.startsWith('alp-'))).toEqual([]);
  await cluster.close();
  await mesh.shut();
});

test('pods that the namespace refuses are told by the rollout, in the words of the server', async ({}, info) => {
  const place = await openPlace(info.outputPath('kubeconfig'));
  const run = await runOn(place, join(info.outputPath(), 'run'));
  const injection = runbook.findIndex(({ title }) => title === 'Automatic sidecar injection');
  for (const step of runbook.slice(0, injection)) await take(step, place.cluster, run);
  // Someone tightens the namespace after the preflight.
  await label(place.cluster, restricted);
  await expect(take(runbook[injection]!, place.cluster, run)).rejects.toThrow(
    /Deployment default\/frontend cannot create its pods: pods "frontend-\S+" is forbidden: violates PodSecurity "restricted:latest"/,
  );
  await place.cluster.close();
  await place.mesh.shut();
});

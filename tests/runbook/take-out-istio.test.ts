import { expect, test } from '@playwright/test';
import type { KubeObject, Ref } from '../../fixtures/cluster/objects.ts';
import type { JournalEntry } from '../../fixtures/guest/journal.ts';
import type { Run } from '../../fixtures/run.ts';
import { leftoversOf, takeOutIstio } from '../../scripts/runbook/take-out-istio.ts';
import { FakeCluster } from '../guest/fake-cluster.ts';

function object(kind: string, name: string): KubeObject {
  const [own = '', namespace] = name.split('/').reverse();
  const apiVersion = kind === 'Lease' ? 'coordination.k8s.io/v1' : 'v1';
  return { apiVersion, kind, metadata: { name: own, ...(namespace && { namespace }) } };
}

function refOf(kind: string, name: string): Ref {
  const { apiVersion, metadata } = object(kind, name);
  return {
    apiVersion,
    kind,
    ...(metadata.namespace && { namespace: metadata.namespace }),
    name: metadata.name,
  };
}

const madeByIstiod: [kind: string, name: string][] = [
  ['ConfigMap', 'default/istio-ca-root-cert'],
  ['ConfigMap', 'kube-system/istio-ca-root-cert'],
  ['ConfigMap', 'istio-system/istio-ca-root-cert'],
  ['ConfigMap', 'default/istio-ca-crl'],
  ['ConfigMap', 'istio-system/istio-leader'],
  ['ConfigMap', 'istio-system/istio-namespace-controller-election'],
  ['ConfigMap', 'istio-system/istio-gateway-status-leader'],
  ['Secret', 'istio-system/istio-ca-secret'],
  ['Lease', 'istio-system/istio-gateway-deployment-default'],
];
const others: [kind: string, name: string][] = [
  ['ConfigMap', 'default/shop-settings'],
  ['ConfigMap', 'istio-system/istio-dashboards'],
  ['Secret', 'istio-system/istio-ingressgateway-certs'],
  ['Namespace', 'istio-system'],
];

function clusterWith(...objects: [kind: string, name: string][]): FakeCluster {
  return new FakeCluster(objects.map(([kind, name]) => object(kind, name)));
}

const run = { id: 'run1' } as Run;

function entry(createdNamespace: boolean, existed?: string[]): Extract<JournalEntry, { op: 'install' }> {
  return {
    op: 'install',
    group: 'Installing Istio',
    installer: 'istioctl',
    createdNamespace,
    ...(existed && { existed }),
  };
}

/** What was deleted, once the installer had its turn. */
async function takenOut(cluster: FakeCluster, made: ReturnType<typeof entry>): Promise<string[]> {
  const before = cluster.writes.length;
  let uninstalled = false;
  cluster.onWrite = () => expect(uninstalled, 'what istiod makes again is taken out after it').toBe(true);
  await takeOutIstio(cluster.asCluster, run, made, async () => {
    uninstalled = true;
  });
  return cluster.writes.slice(before).map((write) => write.replace('delete ', ''));
}

test('all that istiod has made goes with it, and nothing else', async () => {
  const deleted = await takenOut(clusterWith(...madeByIstiod, ...others), entry(false, []));
  expect(deleted.sort()).toEqual(madeByIstiod.map(([kind, name]) => `${kind} ${name}`).sort());
});

test('what an earlier Istio had left stays', async () => {
  const cluster = clusterWith(...madeByIstiod, ...others);
  const existed = ['ConfigMap default/istio-ca-root-cert', 'Secret istio-system/istio-ca-secret'];
  const deleted = await takenOut(cluster, entry(false, existed));
  expect(deleted).toHaveLength(madeByIstiod.length - 2);
  for (const name of existed) expect(deleted).not.toContain(name);
});

test('a namespace that the run made goes last, and is waited for', async () => {
  const cluster = clusterWith(...madeByIstiod, ...others);
  const deleted = await takenOut(cluster, entry(true, []));
  expect(deleted.at(-1)).toBe('Namespace istio-system');
  expect(cluster.at(refOf('Namespace', 'istio-system'))).toBeUndefined();
});

test('a journal of before says nothing of what there was, so all of it stays', async () => {
  expect(await takenOut(clusterWith(...madeByIstiod), entry(false))).toEqual([]);
});

test('what is there before an installation is known by kind and name', async () => {
  const found = await leftoversOf(clusterWith(...madeByIstiod, ...others).asCluster);
  expect(found.sort()).toEqual(madeByIstiod.map(([kind, name]) => `${kind} ${name}`).sort());
});

import type { Cluster, Selection } from '../../fixtures/cluster/client.ts';
import { nameOf, type Ref, refOf } from '../../fixtures/cluster/objects.ts';
import { waitFor } from '../../fixtures/cluster/wait.ts';
import type { JournalEntry } from '../../fixtures/guest/journal.ts';
import type { Run } from '../../fixtures/run.ts';
import { uninstallIstio } from '../lib/istioctl.ts';

const istioNamespace = 'istio-system';

/**
 * Where istiod keeps what it makes as it goes: its root certificate in every namespace, and beside itself its key
 * and who leads. `istioctl uninstall` knows only what it has installed, and leaves all of it.
 */
const places: Selection[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', labelSelector: 'istio.io/config=true' },
  { apiVersion: 'v1', kind: 'ConfigMap', namespace: istioNamespace },
  { apiVersion: 'v1', kind: 'Secret', namespace: istioNamespace },
  { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: istioNamespace },
];

/** istio `pilot/pkg/leaderelection/leaderelection.go`, `security/pkg/pki/ca`, `namespacecontroller.go`. */
const madeByIstiod =
  /^cacerts$|^istio-(ca-root-cert|ca-crl|ca-secret|leader|[a-z-]+-(leader|election)|(gateway-deployment|gateway-inferencepool|node-untaint|ip-autoallocate)(-.*)?)$/;

/** What istiod has left, or is keeping, on a cluster. */
export async function leftoversOf(cluster: Cluster): Promise<string[]> {
  return (await findLeftovers(cluster)).map(nameOf);
}

async function findLeftovers(cluster: Cluster): Promise<Ref[]> {
  const lists = await Promise.all(places.map((place) => cluster.list(place)));
  const found = lists.flat().filter(({ metadata }) => madeByIstiod.test(metadata.name));
  return [...new Map(found.map(refOf).map((ref) => [nameOf(ref), ref])).values()];
}

/**
 * Takes out the Istio that a run has brought in, with all that came of it, and waits until it is gone.
 *
 * @param entry what the journal says of it; what was there before stays.
 */
export async function takeOutIstio(
  cluster: Cluster,
  run: Run,
  { createdNamespace, existed }: Extract<JournalEntry, { op: 'install' }>,
  uninstall: (run: Run) => Promise<void> = uninstallIstio,
): Promise<void> {
  await uninstall(run);
  // While one is left, it makes its ConfigMaps again.
  await gone(cluster, { apiVersion: 'v1', kind: 'Pod', labelSelector: 'app=istiod' }, 'istiod to be gone');
  for (const ref of await findLeftovers(cluster)) {
    if (existed?.includes(nameOf(ref)) === false) await cluster.delete(ref);
  }
  if (!createdNamespace) return;
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: istioNamespace };
  await cluster.delete(namespace);
  await gone(cluster, namespace, `namespace ${istioNamespace} to be gone`);
}

async function gone(cluster: Cluster, selection: Selection, what: string): Promise<void> {
  await waitFor(cluster, selection, (objects) => objects.length === 0, { timeoutMs: 120_000, what });
}

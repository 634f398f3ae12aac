import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { findInjection, UnclearInjection } from '../../fixtures/injector/injection.ts';

/** The Deployments of istiod, one for each revision. */
export async function istiodsOf(cluster: Cluster): Promise<KubeObject[]> {
  return cluster.list({ apiVersion: 'apps/v1', kind: 'Deployment', labelSelector: 'app=istiod' });
}

/** The istiod whose sidecars a run uses; where that is not clear yet, any; undefined where there is none. */
export async function findIstiod(cluster: Cluster, revision?: string): Promise<KubeObject | undefined> {
  const istiods = await istiodsOf(cluster);
  if (istiods.length < 2) return istiods[0];
  const injection = await findInjection(cluster, revision).catch((error: unknown) => {
    if (error instanceof UnclearInjection) return undefined;
    throw error;
  });
  return istiods.find((istiod) => revisionOf(istiod) === injection?.revision) ?? istiods[0];
}

function revisionOf({ metadata }: KubeObject): string {
  return metadata.labels?.['istio.io/rev'] ?? 'default';
}

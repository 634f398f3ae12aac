import type { Cluster, Selection } from '../../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';

/** The objects of a kind that a cluster need not have. */
export async function listWhereServed(cluster: Cluster, selection: Selection): Promise<KubeObject[]> {
  return (await cluster.supports(selection.apiVersion, selection.kind)) ? cluster.list(selection) : [];
}

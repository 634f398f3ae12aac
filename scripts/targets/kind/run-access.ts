import { join } from 'node:path';
import { loadKubeConfig } from '../../../fixtures/cluster/kubeconfig.ts';
import { type Access, grant } from '../../permissions/grant.ts';
import type { Part } from '../../permissions/manifest.ts';
import { KindCluster } from './kind-cluster.ts';
import { contextOf, runContextOf, runKubeconfig } from './names.ts';
import type { KindRecord } from './record.ts';

/** The cluster is the run's own, and its shop is there already. */
const granted: readonly Part[] = ['alp-conformance', 'mesh-ca', 'diagnostics'];

/** The run's own access, beside its maker's, who may do everything. */
export function runAccess({ folder, cluster }: Pick<KindRecord, 'folder' | 'cluster'>): Access {
  return { kubeconfig: join(folder, runKubeconfig), context: runContextOf(cluster) };
}

/** Makes the run a guest on its own cluster, by its maker's rights: writes what `runAccess` names. See `grant`. */
export async function grantRunAccess(record: KindRecord, signal: AbortSignal): Promise<void> {
  const { kubeconfig } = new KindCluster(record);
  const maker = loadKubeConfig({ kubeconfig, context: contextOf(record.cluster) });
  await grant(maker, granted, runAccess(record), signal);
}

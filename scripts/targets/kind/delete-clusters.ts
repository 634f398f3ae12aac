import { Cluster } from '../../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../../fixtures/cluster/kubeconfig.ts';
import { isAlive } from '../../../fixtures/guest/journal.ts';
import { isHeld } from '../../lib/lease.ts';
import { KindCluster } from './kind-cluster.ts';
import { contextOf } from './names.ts';
import type { KindRecord } from './record.ts';

/**
 * Deletes the clusters that runs have left, and says so.
 *
 * @returns whether all of them are gone.
 */
export async function deleteClusters(records: readonly KindRecord[]): Promise<boolean> {
  let complete = true;
  for (const [name, ofCluster] of Map.groupBy(records, ({ cluster }) => cluster)) {
    process.stdout.write(`Cluster ${name}\n`);
    try {
      for (const record of ofCluster) await refuseIfGoingOn(record);
      for (const record of ofCluster) await new KindCluster(record).delete();
      process.stdout.write('  It is deleted, with its network and its files.\n');
    } catch (error) {
      // One that cannot be deleted must not keep the others.
      process.stdout.write(`  ${error instanceof Error ? error.message : error}\n`);
      complete = false;
    }
  }
  return complete;
}

async function refuseIfGoingOn(record: KindRecord): Promise<void> {
  const { run, pid, state, keep } = record;
  if (!isAlive(pid)) return;
  // A cluster that was kept outlives its run by far, and the process of that number may be another by now.
  if (keep && state === 'ready' && !(await holdsLease(record))) return;
  throw new Error(
    `Run ${run} is still going on (process ${pid}); stop it with Ctrl-C, and it deletes its cluster.`,
  );
}

async function holdsLease(record: KindRecord): Promise<boolean> {
  const { kubeconfig } = new KindCluster(record);
  try {
    const cluster = Cluster.connect(loadKubeConfig({ kubeconfig, context: contextOf(record.cluster) }));
    return await isHeld(cluster, record.run).finally(() => cluster.close());
  } catch {
    // What cannot be reached is not being used.
    return false;
  }
}

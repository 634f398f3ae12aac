import { Cluster } from '../../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../../fixtures/cluster/kubeconfig.ts';
import { isAlive } from '../../../fixtures/guest/journal.ts';
import type { Run } from '../../../fixtures/run.ts';
import { isHeld, Lease } from '../../lib/lease.ts';
import { putBack } from '../../lib/put-back.ts';
import { unfinishedRuns } from '../../lib/unfinished-runs.ts';
import { UnfitError } from '../preflight.ts';
import { KindCluster } from './kind-cluster.ts';
import type { Course } from './make.ts';
import { contextOf, runContextOf } from './names.ts';
import { type KindRecord, removeRecord, writeRecord } from './record.ts';
import { grantRunAccess } from './run-access.ts';

/**
 * Takes up a cluster that an earlier run has kept, and grants this one what it may do there.
 *
 * @throws UnfitError when another run is using it, or what that has left cannot be put back.
 */
export async function takeUp(record: KindRecord, { signal, timeline }: Course): Promise<void> {
  const kind = new KindCluster(record);
  writeRecord(record);
  const context = contextOf(record.cluster);
  try {
    await kind.exportKubeconfig(signal);
    const cluster = Cluster.connect(loadKubeConfig({ kubeconfig: kind.kubeconfig, context }));
    try {
      const ofRuns = runContextOf(record.cluster);
      for (const earlier of unfinishedRuns().filter((run) => run.context === ofRuns)) {
        await timeline.phase('putting an earlier run back', () => putEarlierBack(cluster, earlier, record));
      }
    } finally {
      await cluster.close();
    }
    await grantRunAccess(record, signal);
  } catch (error) {
    // It stays the earlier run's.
    kind.removeFiles();
    removeRecord(record);
    throw error;
  }
}

async function putEarlierBack(cluster: Cluster, earlier: Run, { cluster: name }: KindRecord): Promise<void> {
  if (isAlive(earlier.pid) && (await isHeld(cluster, earlier.id))) {
    throw new UnfitError(`Run ${earlier.id} is using the cluster ${name}: wait for it to end.`);
  }
  const { restored } = await putBack(cluster, earlier, await Lease.acquire(cluster, earlier.id));
  if (restored) return;
  throw new UnfitError(
    `Run ${earlier.id} has left something on the cluster ${name} that cannot be put back: \`npm run down\` deletes the cluster.`,
  );
}

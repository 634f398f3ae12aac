import type { Cluster } from '../../fixtures/cluster/client.ts';
import { Journal } from '../../fixtures/guest/journal.ts';
import { type Undone, undo } from '../../fixtures/guest/undo.ts';
import { journalFile, type Run } from '../../fixtures/run.ts';
import { uninstallIstio } from './istioctl.ts';
import type { Lease } from './lease.ts';

/**
 * Takes back everything a run has done to the cluster, and gives up its lease.
 *
 * @returns whether the cluster is as it was, and one sentence for each thing that is not.
 */
export async function putBack(
  cluster: Cluster,
  run: Run,
  lease: Lease,
): Promise<{ restored: boolean; notes: string[] }> {
  process.stdout.write('Putting the cluster back ...\n');
  const { left, failed } = await attempt(cluster, run, lease);
  const notes = [...left, ...failed];
  for (const note of notes) process.stdout.write(`  ${note}\n`);
  if (failed.length > 0) process.stdout.write('Once that is mended, `npm run down` puts back the rest.\n');
  return { restored: failed.length === 0, notes };
}

async function attempt(cluster: Cluster, run: Run, lease: Lease): Promise<Undone> {
  const journal = new Journal(journalFile(run));
  try {
    const undone = await undo(cluster, journal, {
      run: run.id,
      log: () => {},
      uninstall: async ({ createdNamespace }) => {
        await uninstallIstio(run);
        if (!createdNamespace) return;
        await cluster.delete({ apiVersion: 'v1', kind: 'Namespace', name: 'istio-system' });
      },
    });
    if (undone.failed.length > 0) {
      lease.stop();
      return undone;
    }
    await lease.release();
    // Said last: a process that dies before this leaves a run that `down` still knows, and undoing twice is harmless.
    journal.write({ op: 'restored', group: 'end' });
    return undone;
  } catch (error) {
    lease.stop();
    const cause = error instanceof Error ? error.message : String(error);
    return { left: [], failed: [`The cluster could not be put back: ${cause}`] };
  }
}

import type { Cluster } from '../../fixtures/cluster/client.ts';
import { Journal } from '../../fixtures/guest/journal.ts';
import { type Undone, undo } from '../../fixtures/guest/undo.ts';
import { journalFile, type Run } from '../../fixtures/run.ts';
import { takeOutIstio } from '../runbook/take-out-istio.ts';
import type { Target } from '../targets/target.ts';
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

/**
 * Gives up a cluster of the run's own, and with it all that the run has done to it.
 *
 * @returns whether it is gone, and one sentence for what is not.
 */
export async function dispose(target: Target, run: Run): Promise<{ restored: boolean; notes: string[] }> {
  process.stdout.write('Deleting the cluster ...\n');
  try {
    await target.close();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const note = `The cluster could not be deleted: ${cause}`;
    process.stdout.write(`  ${note}\nOnce that is mended, \`npm run down\` deletes it.\n`);
    return { restored: false, notes: [note] };
  }
  new Journal(journalFile(run)).write({ op: 'restored', group: 'end' });
  return { restored: true, notes: [] };
}

async function attempt(cluster: Cluster, run: Run, lease: Lease): Promise<Undone> {
  const journal = new Journal(journalFile(run));
  try {
    const undone = await undo(cluster, journal, {
      run: run.id,
      uninstall: (entry) => takeOutIstio(cluster, run, entry),
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

import { Command } from 'commander';
import { Cluster } from '../fixtures/cluster/client.ts';
import { UnreachableError } from '../fixtures/cluster/errors.ts';
import { loadKubeConfig } from '../fixtures/cluster/kubeconfig.ts';
import { isAlive, Journal } from '../fixtures/guest/journal.ts';
import { journalFile, type Run } from '../fixtures/run.ts';
import { parseCommandLine } from './lib/command-line.ts';
import { isHeld, Lease } from './lib/lease.ts';
import { putBack } from './lib/put-back.ts';
import { unfinishedRuns } from './lib/unfinished-runs.ts';
import { verb } from './lib/verb.ts';
import { deleteClusters } from './targets/kind/delete-clusters.ts';
import { allRecords, recordIn, removeHalfRecords } from './targets/kind/record.ts';

await verb(async () => {
  const program = new Command('npm run down').description(
    'Puts back what runs have left: one that was killed, or one that was told to keep the mesh or its cluster.',
  );
  if (!parseCommandLine(program, process.argv.slice(2))) return 0;
  removeHalfRecords();
  const records = allRecords();
  if (records.length === 0 && unfinishedRuns().length === 0) {
    process.stdout.write('There is nothing to put back.\n');
  }
  let complete = await deleteClusters(records);
  for (const run of unfinishedRuns()) {
    process.stdout.write(`Run ${run.id} on context ${run.context}\n`);
    try {
      complete = (await finish(run)) && complete;
    } catch (error) {
      // One cluster that cannot be reached must not keep the others from being put back.
      process.stdout.write(`  ${error instanceof Error ? error.message : error}\n`);
      if (error instanceof UnreachableError) {
        process.stdout.write(`  Where that cluster is no more, deleting ${run.folder} forgets the run.\n`);
      }
      complete = false;
    }
  }
  return complete ? 0 : 3;
});

/** @returns whether the cluster is as it was before the run. */
async function finish(run: Run): Promise<boolean> {
  if (run.target === 'reference') return finishReference(run);
  if (run.target === 'kind') return finishKind(run);
  const cluster = Cluster.connect(loadKubeConfig(run));
  if (isAlive(run.pid) && (await isHeld(cluster, run.id))) {
    throw new Error(
      `It is still going on (process ${run.pid}); stop it with Ctrl-C, and it puts the cluster back.`,
    );
  }
  const lease = await Lease.acquire(cluster, run.id);
  return (await putBack(cluster, run, lease)).restored;
}

/** A reference mesh ends with its run, and everything in it. */
function finishReference(run: Run): boolean {
  if (isAlive(run.pid)) {
    throw new Error(
      `It is still going on (process ${run.pid}); stop it with Ctrl-C, and its mesh ends with it.`,
    );
  }
  new Journal(journalFile(run)).write({ op: 'restored', group: 'end' });
  process.stdout.write('  Its reference mesh has ended with it.\n');
  return true;
}

/** What a run has done to a kind cluster of its own goes with the cluster. */
function finishKind(run: Run): boolean {
  if (recordIn(run.folder) !== undefined) throw new Error('Its cluster is still there.');
  new Journal(journalFile(run)).write({ op: 'restored', group: 'end' });
  process.stdout.write('  Its cluster is gone, and all that was done to it.\n');
  return true;
}

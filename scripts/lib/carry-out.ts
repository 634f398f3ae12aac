import { rmSync } from 'node:fs';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import { Journal } from '../../fixtures/guest/journal.ts';
import { journalFile, loadFacts, type Run, saveRun } from '../../fixtures/run.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import { environment } from '../targets/inspect.ts';
import { UnfitError } from '../targets/preflight.ts';
import type { Target } from '../targets/target.ts';
import { Lease } from './lease.ts';
import { mergePhases, runPhase } from './playwright.ts';
import { putBack } from './put-back.ts';
import type { Timeline } from './timeline.ts';

/** What a run has brought to light, before it becomes a report. */
export interface CarriedOut extends Awaited<ReturnType<typeof mergePhases>> {
  environment: ConformanceReport['environment'];
  cluster: ConformanceReport['cluster'];
}

/**
 * Walks the runbook, judges the requirements, and puts the cluster back, whatever happens in between.
 *
 * @throws UnfitError when another run has the cluster, or a target of the run's own ended under it.
 */
export async function carryOut(
  cluster: Cluster,
  target: Target,
  run: Run,
  { keep, timeline, signal }: { keep: boolean; timeline: Timeline; signal: AbortSignal },
): Promise<CarriedOut> {
  // Saved first: `down` must know of a run that dies right after it took the lease.
  const runFile = saveRun(run);
  const lease = await Lease.acquire(cluster, run.id).catch((error: unknown) => {
    // Refused, it has changed nothing; any other error may have come after the lease was made.
    if (error instanceof UnfitError) rmSync(run.folder, { recursive: true });
    throw error;
  });
  const errors: string[] = [];
  let seen: ConformanceReport['environment'] = { calicoApi: 'unknown', nodes: [], images: [] };
  let left = { restored: true, notes: [] as string[] };
  try {
    await runPhases(run, runFile, timeline, signal);
    // A report without its environment is worth more than none.
    seen = await environment(cluster).catch((error: unknown) => {
      errors.push(`the environment could not be read: ${error instanceof Error ? error.message : error}`);
      return seen;
    });
  } finally {
    if (keep || target.lost?.aborted) lease.stop();
    else left = await timeline.phase('putting the cluster back', () => putBack(cluster, run, lease));
  }
  if (target.lost?.aborted) {
    // What the run did to it is gone with it.
    new Journal(journalFile(run)).write({ op: 'restored', group: 'end' });
    throw target.lost.reason;
  }
  const merged = await timeline.phase('reports', () => mergePhases(run, runFile, target.about));
  return {
    ...merged,
    errors: [...merged.errors, ...errors],
    environment: seen,
    cluster: {
      restored: keep ? 'kept' : left.restored ? 'restored' : 'incomplete',
      notes: left.notes,
    },
  };
}

/** The runbook on its own, then everything else; see `playwright.config.ts`. */
async function runPhases(run: Run, runFile: string, timeline: Timeline, signal: AbortSignal): Promise<void> {
  const tagged = run.selected.map((id) => `@${id}\\b`).join('|');
  const runbook = { name: '1-runbook', projects: ['runbook'], grep: `@runbook\\b|${tagged}` };
  await timeline.phase('runbook', () => runPhase(run, runFile, runbook, signal));
  if (signal.aborted || loadFacts(run).failed !== undefined) return;
  const requirements = {
    name: '2-requirements',
    projects: ['slow', 'tutorial', 'sandbox'],
    grep: tagged,
  };
  await timeline.phase('requirements', () => runPhase(run, runFile, requirements, signal));
}

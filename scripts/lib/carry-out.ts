import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import { diagnoseRun } from '../../fixtures/diagnostics/run.ts';
import { Journal } from '../../fixtures/guest/journal.ts';
import { journalFile, loadFacts, type Run, saveRun } from '../../fixtures/run.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import type { Results } from '../../reports/results.ts';
import { checkAgainstPods } from '../bundle/check-against-pods.ts';
import { type NodesAndImages, nodesAndImages } from '../targets/inspect.ts';
import { UnfitError } from '../targets/preflight.ts';
import type { Target } from '../targets/target.ts';
import { Lease } from './lease.ts';
import { mergePhases, type PhaseEnd, runPhase } from './playwright.ts';
import { dispose, putBack } from './put-back.ts';
import type { Timeline } from './timeline.ts';

/** What a run has brought to light, before it becomes a report. */
export interface CarriedOut extends Pick<Results, 'results' | 'steps' | 'errors'> {
  environment: NodesAndImages;
  cluster: ConformanceReport['cluster'];
  /** What was read of the mesh because something failed: a folder beside the report. */
  diagnosticsFolder?: string;
}

/** How a run goes on its cluster. */
export interface Course {
  /** Leaves the mesh as it is at the end. */
  keep: boolean;
  timeline: Timeline;
  signal: AbortSignal;
}

/**
 * Walks the runbook, judges the requirements, and puts the cluster back (unless it is kept), whatever happens in
 * between.
 *
 * @throws UnfitError when another run has the cluster, or a target of the run's own ended under it.
 */
export async function carryOut(
  cluster: Cluster,
  target: Target,
  run: Run,
  course: Course,
): Promise<CarriedOut> {
  const { timeline, signal } = course;
  const errors: string[] = [];
  let environment: NodesAndImages = { nodes: [], images: [] };
  let surprises: string[] = [];
  let diagnosticsFolder: string | undefined;
  const left = await asGuest(cluster, target, run, course, async (runFile) => {
    const walked = await walkRunbook(run, runFile, timeline, signal);
    const judged = await judge(run, runFile, walked, timeline, signal);
    errors.push(...[walked, judged].flatMap(({ error }) => error ?? []));
    // Whoever interrupts waits for the cluster to be put back, and for nothing else.
    if (!(walked.well && judged.well) && !signal.aborted) {
      diagnosticsFolder = await timeline.phase('diagnostics', () => diagnoseRun(cluster, run, signal));
    }
    // A report without its environment is worth more than none.
    try {
      environment = await nodesAndImages(cluster);
      surprises = await surprisesOn(cluster, target);
    } catch (error) {
      errors.push(`the environment could not be read: ${error instanceof Error ? error.message : error}`);
    }
  });
  const merged = await timeline.phase('reports', () =>
    mergePhases(run, join(run.folder, 'run.json'), target.about),
  );
  return {
    ...merged,
    errors: [...merged.errors, ...errors],
    environment,
    cluster: { ...left, notes: [...left.notes, ...surprises] },
    ...(diagnosticsFolder !== undefined && { diagnosticsFolder }),
  };
}

/** What has run although nobody had foreseen it, so that the next cluster without a network would lack it. */
async function surprisesOn(cluster: Cluster, { images }: Target): Promise<string[]> {
  if (images === undefined) return [];
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod' });
  return checkAgainstPods(images, pods).map(
    ({ pod, image }) => `${pod} ran ${image}, which is not in the bundle: make it again, or report it.`,
  );
}

/**
 * Has the cluster to itself for as long as the work takes, and puts it back (unless it is kept), whatever happens in
 * between.
 *
 * @param work gets the file that hands the run to its workers.
 * @throws UnfitError when another run has the cluster, or a target of the run's own ended under it.
 */
export async function asGuest(
  cluster: Cluster,
  target: Target,
  run: Run,
  { keep, timeline }: Course,
  work: (runFile: string) => Promise<void>,
): Promise<ConformanceReport['cluster']> {
  // Saved first: `down` must know of a run that dies right after it took the lease.
  const runFile = saveRun(run);
  const lease = await Lease.acquire(cluster, run.id).catch((error: unknown) => {
    // Refused, it has changed nothing; any other error may have come after the lease was made.
    if (error instanceof UnfitError) rmSync(run.folder, { recursive: true });
    throw error;
  });
  let left = { restored: true, notes: [] as string[] };
  try {
    await work(runFile);
  } finally {
    if (keep || target.lost?.aborted || target.disposable) lease.stop();
    if (target.disposable) left = await timeline.phase('deleting the cluster', () => dispose(target, run));
    else if (!keep && !target.lost?.aborted) {
      left = await timeline.phase('putting the cluster back', () => putBack(cluster, run, lease));
    }
  }
  if (target.lost?.aborted) {
    // What the run did to it is gone with it.
    new Journal(journalFile(run)).write({ op: 'restored', group: 'end' });
    throw target.lost.reason;
  }
  return { restored: keep ? 'kept' : left.restored ? 'restored' : 'incomplete', notes: left.notes };
}

/** What there is to tell where an earlier run has judged everything: nothing is judged, and nothing is changed. */
export async function onlyLook(cluster: Cluster, run: Run): Promise<CarriedOut> {
  saveRun(run);
  new Journal(journalFile(run)).write({ op: 'restored', group: 'end' });
  return {
    results: [],
    steps: [],
    errors: [],
    environment: await nodesAndImages(cluster),
    cluster: { restored: 'restored', notes: [] },
  };
}

/** The runbook, in an invocation of Playwright's own; see `playwright.config.ts`. */
export async function walkRunbook(
  run: Run,
  runFile: string,
  timeline: Timeline,
  signal: AbortSignal,
): Promise<PhaseEnd> {
  const grep = [String.raw`@runbook\b`, ...tags(run)].join('|');
  const runbook = { name: '1-runbook', projects: ['runbook'], grep };
  return timeline.phase('runbook', () => runPhase(run, runFile, runbook, signal));
}

/** Everything else, unless the runbook failed or ended half way: what that has left proves nothing. */
async function judge(
  run: Run,
  runFile: string,
  walked: PhaseEnd,
  timeline: Timeline,
  signal: AbortSignal,
): Promise<PhaseEnd> {
  const half = walked.error !== undefined || loadFacts(run).failed !== undefined;
  if (signal.aborted || half) return { well: false };
  const grep = tags(run).join('|');
  const requirements = { name: '2-requirements', projects: ['slow', 'tutorial', 'sandbox'], grep };
  return timeline.phase('requirements', () => runPhase(run, runFile, requirements, signal));
}

function tags({ selected }: Run): string[] {
  return selected.map((id) => String.raw`@${id}\b`);
}

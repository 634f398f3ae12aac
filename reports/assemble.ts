import { deviationOf, type KnownDeviation } from './deviations.ts';
import { exitStatus } from './exit-status.ts';
import { foldRecords, foldRuns, foldSteps } from './fold.ts';
import { hazardOutcome } from './hazards.ts';
import {
  apiVersion,
  type ConformanceReport,
  type HazardResult,
  type RequirementResult,
  reportSchema,
  type StepResult,
} from './model.ts';
import type { RequirementRun } from './results.ts';
import { counted, isComplete, isConformant, totalsByArea, totalsOf } from './totals.ts';

/** What a report tells of a requirement beside its outcome. */
export interface CatalogueEntry
  extends Pick<RequirementResult, 'id' | 'statement' | 'area' | 'level' | 'source'> {
  /** Whether it tells of a weakness, which counts for nothing. */
  hazard?: true | undefined;
}

/** What an earlier run has judged already. */
export type CarriedOver = Pick<ConformanceReport, 'requirements' | 'hazards'>;

/** Everything that is known at the end of a run. */
export interface RunFacts
  extends Pick<ConformanceReport, 'target' | 'versions' | 'environment' | 'steps' | 'phases' | 'cluster'> {
  /** `results` of one or several `results.json`. */
  results: readonly RequirementRun[];
  /** Results of an earlier run that stand in this report as they were. */
  carried?: CarriedOver;
  catalogue: readonly CatalogueEntry[];
  /** Ids that were to be judged; the report has an entry for each. */
  selected: readonly string[];
  /** Ids that were not judged, each with a reason of one sentence (`needs …` for want of a means). */
  skipped: readonly { id: string; reason: string }[];
  deviations: readonly KnownDeviation[];
  run: Omit<ConformanceReport['run'], 'errors'>;
  /** What went wrong outside any requirement or step. */
  errors?: readonly string[];
  interrupted?: boolean;
  strict?: boolean;
}

/**
 * Makes the report of a run. The same facts give the same report, whatever order they come in.
 *
 * It has an entry for every requirement and hazard that was selected, skipped, run or carried over. A selected one
 * without a result is broken and names the step that failed, if one did. A skip takes the place of a test that was
 * never started; a test that was started counts all the same. Failed and unverified requirements get the known
 * deviation of these versions; one that passed against it gets it as `unseen`.
 *
 * @throws when a requirement is not in the catalogue, a deviation is malformed, or the result does not fit the
 *   schema.
 */
export function assembleReport(facts: RunFacts): ConformanceReport {
  const steps = foldSteps(facts.steps);
  const errors = [
    ...(facts.errors ?? []),
    ...(facts.cluster.restored === 'incomplete' ? ['the cluster was not put back as it was'] : []),
  ];
  const judged = everythingJudged(facts, steps);
  const { requirements, hazards } = judged;
  const totals = totalsOf(counted(judged));
  const complete = isComplete(judged, errors);
  const { nodes, images, ...environment } = facts.environment;
  return reportSchema.parse({
    apiVersion,
    kind: 'ConformanceReport',
    run: {
      ...facts.run,
      areas: facts.run.areas.toSorted(),
      requirements: facts.run.requirements.toSorted(),
      ...(errors.length === 0 ? {} : { errors: [...errors] }),
    },
    target: facts.target,
    versions: facts.versions,
    environment: {
      ...environment,
      nodes: nodes.toSorted(by((node) => node.name)),
      images: images.toSorted(by(({ container, image, imageId }) => `${container}\n${image}\n${imageId}`)),
    },
    result: {
      conformant: isConformant(judged, errors),
      complete,
      exitStatus: exitStatus({
        interrupted: facts.interrupted ?? false,
        totals,
        asked: requirements.length + hazards.length,
        complete,
        strict: facts.strict ?? false,
        errors: errors.length,
      }),
      totals,
      byArea: totalsByArea(counted(judged)),
    },
    steps,
    phases: facts.phases,
    requirements,
    hazards,
    cluster: facts.cluster,
  } satisfies ConformanceReport);
}

function everythingJudged(facts: RunFacts, steps: readonly StepResult[]): CarriedOver {
  const { carried = { requirements: [], hazards: [] } } = facts;
  const entries = idsOf(facts).map((id) => entryOf(id, facts));
  const requirements = entries.filter(({ hazard }) => hazard !== true);
  const hazards = entries.filter(({ hazard }) => hazard === true);
  const byId = by(({ id }: { id: string }) => id);
  return {
    requirements: [
      ...carried.requirements,
      ...requirements.map((one) => requirementOf(one, facts, steps)),
    ].sort(byId),
    hazards: [...carried.hazards, ...hazards.map((one) => hazardOf(one, facts, steps))].sort(byId),
  };
}

function idsOf({ selected, skipped, results }: RunFacts): string[] {
  const ran = results.filter((result) => result.ran).map(({ requirement }) => requirement);
  return [...new Set([...selected, ...skipped.map(({ id }) => id), ...ran])];
}

function entryOf(id: string, { catalogue }: RunFacts): CatalogueEntry {
  const entry = catalogue.find((candidate) => candidate.id === id);
  if (entry !== undefined) return entry;
  throw new Error(`${id} is not in the catalogue; add it under specs/requirements or correct the id.`);
}

function requirementOf(
  entry: CatalogueEntry,
  facts: RunFacts,
  steps: readonly StepResult[],
): RequirementResult {
  const { record, ...evidence } = runOf(entry.id, facts, steps);
  const { outcome } = record;
  const { versions, environment, deviations } = facts;
  const released = { versions, api: environment.calicoApi };
  const deviates = outcome === 'failed' || outcome === 'unverified';
  const known = deviates ? deviationOf(entry.id, released, deviations, record.edges) : undefined;
  const unseen = outcome === 'passed' ? deviationOf(entry.id, released, deviations) : undefined;
  return {
    ...described(entry),
    outcome,
    ...(known !== undefined && { known }),
    ...(unseen !== undefined && { unseen }),
    ...shown(record, evidence),
  };
}

function hazardOf(entry: CatalogueEntry, facts: RunFacts, steps: readonly StepResult[]): HazardResult {
  const { record, ...evidence } = runOf(entry.id, facts, steps);
  return { ...described(entry), outcome: hazardOutcome(record.outcome), ...shown(record, evidence) };
}

function described({ id, statement, area, level, source }: CatalogueEntry) {
  return { id, statement, area, level, source };
}

function shown(
  { cause, edges, measurements, waitedMs = 0 }: Evidence['record'],
  { durationMs, pictures, diagnostics, diagnosticsFolder }: Omit<Evidence, 'record'>,
) {
  return {
    ...(cause === undefined ? {} : { cause }),
    durationMs,
    waitedMs,
    edges,
    measurements,
    pictures,
    diagnostics,
    ...(diagnosticsFolder !== undefined && { diagnosticsFolder }),
  };
}

type Evidence = Pick<
  RequirementRun,
  'record' | 'durationMs' | 'pictures' | 'diagnostics' | 'diagnosticsFolder'
>;

function runOf(id: string, { results, skipped }: RunFacts, steps: readonly StepResult[]): Evidence {
  const [run] = foldRuns(results.filter(({ requirement }) => requirement === id));
  const reasons = skipped.filter((skip) => skip.id === id);
  if (reasons.length === 0) return run ?? without(id, 'broken', causeOfAbsence(steps));
  const skip = foldRecords(reasons.map(({ reason }) => without(id, 'skipped', reason).record));
  if (run?.ran !== true) return { ...without(id, 'skipped', ''), record: skip };
  return { ...run, record: foldRecords([run.record, skip]) };
}

function without(id: string, outcome: 'broken' | 'skipped', cause: string): Evidence {
  return {
    record: { requirement: id, outcome, cause, edges: [], measurements: [] },
    durationMs: 0,
    pictures: [],
    diagnostics: [],
  };
}

function causeOfAbsence(steps: readonly StepResult[]): string {
  const failed = steps.find(({ result }) => result === 'failed');
  return failed === undefined ? 'no result was recorded' : `not run: the step "${failed.title}" failed`;
}

function by<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
}

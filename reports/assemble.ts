import { deviationOf, type KnownDeviation } from './deviations.ts';
import { exitStatus, type Gate } from './exit-status.ts';
import { foldRecords, foldRuns, foldSteps } from './fold.ts';
import { type ConformanceReport, type RequirementResult, reportSchema, type StepResult } from './model.ts';
import type { RequirementRun } from './results.ts';
import { isComplete, isConformant, totalsByArea, totalsOf } from './totals.ts';

/** What a report tells of a requirement beside its outcome. */
export type CatalogueEntry = Pick<RequirementResult, 'id' | 'statement' | 'area' | 'level' | 'source'>;

/** Everything that is known at the end of a run. */
export interface RunFacts
  extends Pick<ConformanceReport, 'target' | 'versions' | 'environment' | 'steps' | 'phases' | 'cluster'> {
  /** `results` of one or several `results.json`. */
  results: readonly RequirementRun[];
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
  unreachable?: boolean;
  strict?: boolean;
  gate?: Gate;
}

/**
 * Makes the report of a run. The same facts give the same report, whatever order they come in.
 *
 * It has an entry for every requirement that was selected, skipped or run. A selected one without a result is
 * broken and names the step that failed, if one did. A skip takes the place of a test that was never started; a
 * test that was started counts all the same. Failed and unverified requirements get the known deviation of these
 * versions; one that passed against it gets it as `unseen`.
 *
 * Throws when a requirement is not in the catalogue, a deviation is malformed, or the result does not fit the
 * schema.
 */
export function assembleReport(facts: RunFacts): ConformanceReport {
  const steps = foldSteps(facts.steps);
  const errors = [
    ...(facts.errors ?? []),
    ...(facts.cluster.restored === 'incomplete' ? ['the cluster was not put back as it was'] : []),
  ];
  const requirements = idsOf(facts).map((id) => requirementOf(id, facts, steps));
  const totals = totalsOf(requirements);
  const complete = isComplete(requirements, errors);
  const { nodes, images, calicoApi } = facts.environment;
  return reportSchema.parse({
    apiVersion: 'alp-conformance/v1alpha1',
    kind: 'ConformanceReport',
    run: {
      ...facts.run,
      requirements: facts.run.requirements.toSorted(),
      ...(errors.length === 0 ? {} : { errors: [...errors] }),
    },
    target: facts.target,
    versions: facts.versions,
    environment: {
      calicoApi,
      nodes: nodes.toSorted(by((node) => node.name)),
      images: images.toSorted(by(({ container, image, imageId }) => `${container}\n${image}\n${imageId}`)),
    },
    result: {
      conformant: isConformant(requirements, errors),
      complete,
      exitStatus: exitStatus({
        interrupted: facts.interrupted ?? false,
        unreachable: facts.unreachable ?? false,
        totals,
        complete,
        strict: facts.strict ?? false,
        gate: facts.gate ?? 'all',
        known: requirements.filter(({ known }) => known !== undefined).length,
        errors: errors.length,
      }),
      totals,
      byArea: totalsByArea(requirements),
    },
    steps,
    phases: facts.phases,
    requirements,
    cluster: facts.cluster,
  } satisfies ConformanceReport);
}

function idsOf({ selected, skipped, results }: RunFacts): string[] {
  const ran = results.filter((result) => result.ran).map(({ requirement }) => requirement);
  return [...new Set([...selected, ...skipped.map(({ id }) => id), ...ran])].sort();
}

function requirementOf(id: string, facts: RunFacts, steps: readonly StepResult[]): RequirementResult {
  const entry = facts.catalogue.find((candidate) => candidate.id === id);
  if (entry === undefined) {
    throw new Error(`${id} is not in the catalogue; add it under specs/requirements or correct the id.`);
  }
  const { record, durationMs, pictures, diagnostics } = runOf(id, facts, steps);
  const { outcome, cause, edges, measurements } = record;
  const deviation = deviationOf(id, facts.versions, facts.deviations);
  const deviates = outcome === 'failed' || outcome === 'unverified';
  return {
    id,
    statement: entry.statement,
    area: entry.area,
    level: entry.level,
    source: entry.source,
    outcome,
    ...(deviation !== undefined && deviates ? { known: deviation } : {}),
    ...(deviation !== undefined && outcome === 'passed' ? { unseen: deviation } : {}),
    ...(cause === undefined ? {} : { cause }),
    durationMs,
    edges,
    measurements,
    pictures,
    diagnostics,
  };
}

type Evidence = Pick<RequirementRun, 'record' | 'durationMs' | 'pictures' | 'diagnostics'>;

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

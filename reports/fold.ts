import type { Outcome, OutcomeRecord } from '../fixtures/outcome.ts';
import type { StepResult } from './model.ts';
import type { RequirementRun } from './results.ts';

/** Worst first: what a requirement is when the tests that prove it disagree. */
const bySeverity: readonly Outcome[] = ['failed', 'unverified', 'broken', 'skipped', 'passed'];
const stepsBySeverity: readonly StepResult['result'][] = ['failed', 'not run', 'applied', 'present'];

const separator = '; ';

/** The causes that were joined into one, in order. */
export function causesOf(cause: string | undefined): string[] {
  return cause === undefined ? [] : cause.split(separator);
}

/** Joins causes into one sentence, each cause once, in order; `undefined` when there is none. */
function joinCauses(causes: readonly (string | undefined)[]): string | undefined {
  const distinct = [...new Set(causes.filter((cause) => cause !== undefined))];
  return distinct.length === 0 ? undefined : distinct.join(separator);
}

/**
 * Folds the records of one requirement into one: the worst outcome (failed, unverified, broken, skipped,
 * passed), its causes first, and everything that was seen, in the order given.
 */
export function foldRecords(records: readonly OutcomeRecord[]): OutcomeRecord {
  const ordered = records.toSorted(
    (a, b) => bySeverity.indexOf(a.outcome) - bySeverity.indexOf(b.outcome), // stable
  );
  const worst = ordered[0];
  if (worst === undefined) throw new Error('There is no record to fold; give at least one.');
  const cause = joinCauses(ordered.map((record) => record.cause));
  return {
    requirement: worst.requirement,
    outcome: worst.outcome,
    ...(cause === undefined ? {} : { cause }),
    edges: records.flatMap(({ edges }) => edges),
    measurements: records.flatMap(({ measurements }) => measurements),
    waitedMs: records.reduce((sum, { waitedMs = 0 }) => sum + waitedMs, 0),
  };
}

/**
 * Folds the runs of each requirement into one run, sorted by requirement. Times add up; the place is that of the
 * first test whose outcome is the folded one.
 */
export function foldRuns(runs: readonly RequirementRun[]): RequirementRun[] {
  const byRequirement = Object.groupBy(runs, ({ requirement }) => requirement);
  return Object.keys(byRequirement)
    .sort()
    .map((requirement) => {
      const same = byRequirement[requirement] ?? [];
      const record = foldRecords(same.map((run) => run.record));
      const { project, file, line } = same.find((run) => run.record.outcome === record.outcome) ?? same[0]!;
      return {
        requirement,
        ran: same.some(({ ran }) => ran),
        record,
        durationMs: same.reduce((sum, run) => sum + run.durationMs, 0),
        pictures: same.flatMap(({ pictures }) => pictures),
        diagnostics: same.flatMap(({ diagnostics }) => diagnostics),
        ...folderOf(same),
        project,
        file,
        line,
      };
    });
}

/**
 * Folds steps of the same title, which every shard runs on its own cluster, into one: the worst result, the
 * longest time, all causes. Order of first appearance.
 */
export function foldSteps(steps: readonly StepResult[]): StepResult[] {
  const titles = [...new Set(steps.map(({ title }) => title))];
  return titles.map((title) => {
    const same = steps
      .filter((step) => step.title === title)
      .toSorted((a, b) => stepsBySeverity.indexOf(a.result) - stepsBySeverity.indexOf(b.result));
    const cause = joinCauses(same.map((step) => step.cause));
    const diagnostics = same.flatMap((step) => step.diagnostics ?? []);
    return {
      title,
      result: same[0]!.result,
      ...(cause === undefined ? {} : { cause }),
      durationMs: Math.max(...same.map(({ durationMs }) => durationMs)),
      ...(diagnostics.length === 0 ? {} : { diagnostics }),
      ...folderOf(same),
    };
  });
}

/** All that is told of one requirement or step is in one folder. */
function folderOf(same: readonly { diagnosticsFolder?: string }[]): { diagnosticsFolder?: string } {
  const diagnosticsFolder = same.map((one) => one.diagnosticsFolder).find((folder) => folder !== undefined);
  return diagnosticsFolder === undefined ? {} : { diagnosticsFolder };
}

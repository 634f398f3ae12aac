import type { FullResult, Suite, TestCase } from '@playwright/test/reporter';
import { requirementAnnotation, stepAnnotation } from '../../fixtures/marks.ts';
import { described } from './annotations.ts';
import { hasOutcome } from './attachments.ts';
import { causeOfResult, endedBadly } from './cause.ts';

/** What is known of the run that a test belongs to. */
export interface RunContext {
  /** The projects that ran on the same machine, in Playwright's order. */
  projects: readonly Suite[];
  status: FullResult['status'];
  /** Errors outside any test. */
  errors: readonly string[];
}

/**
 * Whether a test was never started. Playwright gives it no result (a project it depends on failed, the run was
 * stopped) or one that is skipped (marked so, or after a failure in its serial group). A skipped result that
 * carries an outcome was judged.
 */
export function neverStarted(test: TestCase): boolean {
  return test.results.every((result) => result.status === 'skipped' && !hasOutcome(result));
}

/**
 * Why a test was never started: `did not run because …` with the earlier failure (a test of its serial group,
 * then a test of a project it depends on), the error of the run, or the end of the run; `did not run` when
 * nothing tells.
 */
export function whyNotRun(test: TestCase, run: RunContext): string {
  const reason =
    failureInGroup(test) ?? failureOfDependency(test, run.projects) ?? skipOf(test) ?? endOfRun(run);
  return reason === undefined ? 'did not run' : `did not run because ${reason}`;
}

function failureInGroup(test: TestCase): string | undefined {
  // Without any result it was not this group that stopped it.
  if (test.results.length === 0 || test.expectedStatus === 'skipped') return undefined;
  for (let suite: Suite | undefined = test.parent; suite !== undefined; suite = suite.parent) {
    if (suite.type === 'project') return undefined;
    const failure = firstFailure(suite);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function failureOfDependency(test: TestCase, projects: readonly Suite[]): string | undefined {
  const needed = new Set<string>();
  const add = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    const suite = projects.find(({ title }) => title === name);
    for (const dependency of suite?.project()?.dependencies ?? []) add(dependency);
  };
  for (const dependency of projectOf(test)?.project()?.dependencies ?? []) add(dependency);
  for (const project of projects) {
    const failure = needed.has(project.title) ? firstFailure(project) : undefined;
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function skipOf(test: TestCase): string | undefined {
  if (test.expectedStatus !== 'skipped') return undefined;
  return described(test, 'skip')[0] ?? 'its test is marked as skipped';
}

function endOfRun({ errors, status }: RunContext): string | undefined {
  if (errors[0] !== undefined) return `of an error in the run: ${errors[0]}`;
  if (status === 'interrupted') return 'the run was interrupted';
  if (status === 'timedout') return 'the run reached its time limit';
  return undefined;
}

function projectOf(test: TestCase): Suite | undefined {
  let suite: Suite | undefined = test.parent;
  while (suite !== undefined && suite.type !== 'project') suite = suite.parent;
  return suite;
}

function firstFailure(suite: Suite): string | undefined {
  for (const test of suite.allTests()) {
    const result = test.results.find(endedBadly);
    if (result !== undefined) return `${nameOf(test)} failed: ${causeOfResult(test, result)}`;
  }
  return undefined;
}

function nameOf(test: TestCase): string {
  const [step] = described(test, stepAnnotation);
  if (step !== undefined) return `the runbook step "${step}"`;
  const [requirement] = described(test, requirementAnnotation);
  return requirement ?? `"${test.title}"`;
}

import { relative, sep } from 'node:path';
import type { FullResult, Suite, TestCase } from '@playwright/test/reporter';
import { stepOwner } from '../../fixtures/diagnostics/names.ts';
import { diagnosticsAnnotation, requirementAnnotation, stepAnnotation } from '../../fixtures/marks.ts';
import { foldRuns, foldSteps } from '../fold.ts';
import type { StepResult } from '../model.ts';
import type { RequirementRun, Results } from '../results.ts';
import { described } from './annotations.ts';
import { type Attachment, attachmentsOf, contentOf, isReadable } from './attachments.ts';
import { type DiagnosticFile, diagnosticFiles, diagnosticsFolderOf, isDiagnostic } from './diagnostics.ts';
import { neverStarted, type RunContext, whyNotRun } from './not-run.ts';
import { broken, recordOf } from './requirement-record.ts';
import { shardsOf } from './shards.ts';
import { stepResultOf } from './step-result.ts';

/** A finished run, or several merged ones, as Playwright hands it to a reporter. */
export interface FinishedRun {
  root: Suite;
  /** Absolute; places of tests are told relative to it. */
  rootDir: string;
  status: FullResult['status'];
  /** Errors outside any test, one line each. */
  errors: readonly string[];
}

/**
 * Makes the results of a run from its tests' annotations and attachments alone, so that a run in one piece and
 * its shards merged give the same. Writes nothing: `files` are the diagnostics that wait to be saved.
 */
export function collect(run: FinishedRun): { results: Results; files: DiagnosticFile[] } {
  const errors = [...run.errors];
  const files: DiagnosticFile[] = [];
  const taken = new Set<string>();

  const readable = (owner: string, attachments: readonly Attachment[]): Attachment[] =>
    attachments.filter((attachment) => {
      if (isReadable(attachment)) return true;
      errors.push(`The attachment "${attachment.name}" of ${owner} is gone; the report lacks it.`);
      return false;
    });
  const keep = (owner: string, attachments: readonly Attachment[]): string[] => {
    const kept = diagnosticFiles(owner, readable(owner, attachments.filter(isDiagnostic)), taken);
    files.push(...kept);
    return kept.map(({ path }) => path);
  };

  const folder = (owner: string, test: TestCase) => {
    if (described(test, diagnosticsAnnotation).length === 0) return {};
    return { diagnosticsFolder: diagnosticsFolderOf(owner) };
  };

  const requirementRun = ({ test, project, context }: Found, requirement: string): RequirementRun => {
    const ran = !neverStarted(test);
    const attachments = attachmentsOf(test);
    return {
      requirement,
      ran,
      record: ran ? recordOf(test, requirement) : broken(requirement, whyNotRun(test, context)),
      durationMs: test.results.reduce((sum, { duration }) => sum + duration, 0),
      pictures: readable(requirement, attachments.filter(isPicture)).map((picture) => ({
        name: picture.name,
        pngBase64: contentOf(picture).toString('base64'),
      })),
      diagnostics: keep(requirement, attachments),
      ...folder(requirement, test),
      project,
      file: relative(run.rootDir, test.location.file).split(sep).join('/'),
      line: test.location.line,
    };
  };
  const stepResult = ({ test, context }: Found, title: string): StepResult => {
    const diagnostics = keep(stepOwner(title), attachmentsOf(test));
    const result = stepResultOf(test, title, context);
    return {
      ...result,
      ...(diagnostics.length > 0 && { diagnostics }),
      ...folder(stepOwner(title), test),
    };
  };

  const found = testsOf(run);
  // Steps keep the order of the runbook; requirements get one that doesn't depend on how tests were sharded.
  const steps = found.flatMap((entry) =>
    described(entry.test, stepAnnotation).map((title) => stepResult(entry, title)),
  );
  const runs = found
    .toSorted(byPlace)
    .flatMap((entry) =>
      described(entry.test, requirementAnnotation).map((requirement) => requirementRun(entry, requirement)),
    );
  return {
    results: { status: run.status, results: foldRuns(runs), steps: foldSteps(steps), errors },
    files,
  };
}

interface Found {
  test: TestCase;
  project: string;
  context: RunContext;
}

function testsOf({ root, status, errors }: FinishedRun): Found[] {
  return shardsOf(root).flatMap((projects) =>
    projects.flatMap((project) =>
      project
        .allTests()
        .map((test) => ({ test, project: project.title, context: { projects, status, errors } })),
    ),
  );
}

function byPlace(a: Found, b: Found): number {
  return (
    compare(a.test.location.file, b.test.location.file) ||
    a.test.location.line - b.test.location.line ||
    compare(a.project, b.project) ||
    compare(a.test.titlePath().join('\n'), b.test.titlePath().join('\n')) ||
    a.test.repeatEachIndex - b.test.repeatEachIndex
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isPicture({ contentType }: Attachment): boolean {
  return contentType === 'image/png';
}

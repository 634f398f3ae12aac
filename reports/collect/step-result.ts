import type { TestCase, TestResult } from '@playwright/test/reporter';
import { stepAttachment } from '../../fixtures/marks.ts';
import { foldSteps } from '../fold.ts';
import type { StepResult } from '../model.ts';
import { stepRecordSchema } from '../results.ts';
import { contentOf } from './attachments.ts';
import { causeOfResult } from './cause.ts';
import { neverStarted, type RunContext, whyNotRun } from './not-run.ts';

/** What became of the runbook step that a test performs. */
export function stepResultOf(test: TestCase, title: string, run: RunContext): StepResult {
  if (neverStarted(test)) return { title, result: 'not run', cause: whyNotRun(test, run), durationMs: 0 };
  const [folded] = foldSteps(test.results.map((result) => resultOf(test, title, result)));
  return folded!;
}

function resultOf(test: TestCase, title: string, result: TestResult): StepResult {
  const failed = (cause: string): StepResult => ({
    title,
    result: 'failed',
    cause,
    durationMs: result.duration,
  });
  // A step skips itself when one before it failed, and says so in its annotation.
  if (result.status === 'skipped') {
    const reason = result.annotations.find(({ type }) => type === 'skip')?.description;
    return { title, result: 'not run', cause: reason ?? 'it was skipped', durationMs: 0 };
  }
  if (result.status !== 'passed') return failed(causeOfResult(test, result));
  const attachment = result.attachments.find(({ name }) => name === stepAttachment);
  if (attachment === undefined) return failed('ended without saying whether it was applied or present');
  try {
    const record = stepRecordSchema.parse(JSON.parse(contentOf(attachment).toString('utf8')));
    return { title, result: record.result, durationMs: record.durationMs };
  } catch {
    return failed('recorded a result that cannot be read');
  }
}

import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { hazardTag, outcomeAttachment, stepAnnotation, stepAttachment } from '../../fixtures/marks.ts';
import type { OutcomeRecord } from '../../fixtures/outcome.ts';
import { hazardOutcome } from '../../reports/hazards.ts';

/** Says in one line what each step did and how each requirement came out, as it happens. */
export default class ProgressReporter implements Reporter {
  printsToStdio(): boolean {
    return true;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const seconds = `${(result.duration / 1000).toFixed(1)} s`.padStart(7);
    process.stdout.write(`${seconds}  ${wordFor(test, result).padEnd(10)}  ${test.title}\n`);
  }

  onError(error: { message?: string }): void {
    process.stdout.write(`${error.message ?? 'an error outside any test'}\n`);
  }
}

function wordFor(test: TestCase, result: TestResult): string {
  const record = result.attachments.find(({ name }) => name === outcomeAttachment)?.body;
  if (record !== undefined) {
    const { outcome } = JSON.parse(record.toString('utf8')) as OutcomeRecord;
    return test.tags.includes(hazardTag) ? hazardOutcome(outcome) : outcome;
  }
  const isStep = test.annotations.some(({ type }) => type === stepAnnotation);
  if (result.status === 'passed') return isStep ? stepWord(result) : 'done';
  return isStep ? 'failed' : 'broken';
}

function stepWord(result: TestResult): string {
  const step = result.attachments.find(({ name }) => name === stepAttachment)?.body;
  return step === undefined ? 'done' : (JSON.parse(step.toString('utf8')) as { result: string }).result;
}

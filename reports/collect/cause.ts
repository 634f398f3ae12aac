import { stripVTControlCharacters } from 'node:util';
import type { TestCase, TestError, TestResult } from '@playwright/test/reporter';

/** Whether a test was started and did not end well. */
export function endedBadly({ status }: TestResult): boolean {
  return status === 'failed' || status === 'timedOut' || status === 'interrupted';
}

/** The first line of an error, without colours and without the bare `Error: ` before it. */
export function firstLine(error: TestError): string {
  const text = stripVTControlCharacters(error.message ?? error.value ?? '').trim();
  return (text.split('\n')[0] ?? '').replace(/^Error: /, '') || 'an error without a message';
}

/**
 * Why a test that was started gave no outcome, as one sentence without its subject: `timed out after 30 s`,
 * `was interrupted`, the first line of the error, or that it ended without an outcome.
 */
export function causeOfResult(test: TestCase, result: TestResult): string {
  const line = result.errors[0] === undefined ? undefined : firstLine(result.errors[0]);
  switch (result.status) {
    case 'interrupted':
      return 'was interrupted';
    case 'timedOut': {
      // Playwright says how far it came: `Test timeout of 30000ms exceeded while setting up "sandbox".`
      const timeout = /^Test timeout of (\d+)ms exceeded(.*?)\.?$/.exec(line ?? '');
      if (line !== undefined && timeout === null) return line;
      return `timed out after ${Number(timeout?.[1] ?? test.timeout) / 1000} s${timeout?.[2] ?? ''}`;
    }
    case 'failed':
      return line ?? 'failed without an error';
    default:
      return 'ended without recording an outcome';
  }
}

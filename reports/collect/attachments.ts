import { existsSync, readFileSync } from 'node:fs';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { outcomeAttachment } from '../../fixtures/marks.ts';

export type Attachment = TestResult['attachments'][number];

/** Whether there is anything to read; a blob report drops files that were gone when it was packed. */
export function isReadable({ body, path }: Attachment): boolean {
  return body !== undefined || (path !== undefined && existsSync(path));
}

/** The content of an attachment, wherever Playwright keeps it. */
export function contentOf({ name, body, path }: Attachment): Buffer {
  if (body !== undefined) return body;
  if (path === undefined) throw new Error(`The attachment "${name}" has no content; run the suite again.`);
  return readFileSync(path);
}

/** All attachments of a test, in the order in which they were made. */
export function attachmentsOf(test: TestCase): Attachment[] {
  return test.results.flatMap(({ attachments }) => attachments);
}

/** Whether a result carries an outcome; one that does was judged, whatever Playwright calls it. */
export function hasOutcome({ attachments }: TestResult): boolean {
  return attachments.some(({ name }) => name === outcomeAttachment);
}

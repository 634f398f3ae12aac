import type { TestCase, TestResult } from '@playwright/test/reporter';
import { outcomeAttachment } from '../../fixtures/marks.ts';
import type { OutcomeRecord } from '../../fixtures/outcome.ts';
import { foldRecords } from '../fold.ts';
import { outcomeRecordSchema } from '../results.ts';
import { contentOf, hasOutcome } from './attachments.ts';
import { causeOfResult, endedBadly } from './cause.ts';

/**
 * The outcome of one requirement by one test that was started.
 *
 * Every result counts, so that a retry can't make a requirement pass. Without a readable outcome it is broken. A
 * test that ended badly after its requirement was found passed is broken too: its fixtures failed, and nobody
 * knows what that did to the evidence.
 */
export function recordOf(test: TestCase, requirement: string): OutcomeRecord {
  const results = test.results.filter((result) => result.status !== 'skipped' || hasOutcome(result));
  return foldRecords(results.map((result) => recordOfResult(test, result, requirement)));
}

function recordOfResult(test: TestCase, result: TestResult, requirement: string): OutcomeRecord {
  let records: OutcomeRecord[];
  try {
    records = result.attachments
      .filter(({ name }) => name === outcomeAttachment)
      .map((attachment) => outcomeRecordSchema.parse(JSON.parse(contentOf(attachment).toString('utf8'))))
      .filter((record) => record.requirement === requirement);
  } catch {
    return broken(requirement, 'recorded an outcome that cannot be read');
  }
  if (records.length === 0) return broken(requirement, causeOfResult(test, result));
  const record = foldRecords(records);
  const judgedWell = record.outcome === 'passed' || record.outcome === 'skipped';
  if (!judgedWell || !endedBadly(result)) return record;
  return foldRecords([
    record,
    broken(
      requirement,
      `${causeOfResult(test, result)} (after the requirement was judged ${record.outcome})`,
    ),
  ]);
}

/** A requirement about which nothing is known but why. */
export function broken(requirement: string, cause: string): OutcomeRecord {
  return { requirement, outcome: 'broken', cause, edges: [], measurements: [] };
}

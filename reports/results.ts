import * as z from 'zod';
import { type OutcomeRecord, outcomes } from '../fixtures/outcome.ts';
import { edgeSchema, measurementSchema, requirementResultSchema, stepResultSchema } from './model.ts';

/** The outcome that `requirement()` attaches to its test. */
export const outcomeRecordSchema = z.object({
  requirement: z.string(),
  outcome: z.enum(outcomes),
  cause: z.string().exactOptional(),
  edges: z.array(edgeSchema),
  measurements: z.array(measurementSchema),
  waitedMs: z.number().nonnegative().exactOptional(),
}) satisfies z.ZodType<OutcomeRecord>;

/** What the test of a runbook step attaches under `stepAttachment`, as JSON. */
export const stepRecordSchema = z.object({
  title: z.string(),
  result: z.enum(['applied', 'present']),
  durationMs: z.number().nonnegative(),
});

/** What the tests of one requirement brought to light. */
export const requirementRunSchema = z.object({
  requirement: z.string(),
  ran: z.boolean().describe('false when no test of the requirement was started; the record then says why'),
  record: outcomeRecordSchema,
  durationMs: z.number().nonnegative(),
  pictures: requirementResultSchema.shape.pictures,
  diagnostics: requirementResultSchema.shape.diagnostics,
  diagnosticsFolder: requirementResultSchema.shape.diagnosticsFolder,
  project: z.string(),
  file: z.string().describe('relative to the root folder of the tests'),
  line: z.int().nonnegative(),
});

/** `results.json`: everything that a run's tests know, before it is joined with what the verb knows. */
export const resultsSchema = z.object({
  status: z.enum(['passed', 'failed', 'timedout', 'interrupted']).describe("Playwright's own view"),
  results: z.array(requirementRunSchema),
  steps: z.array(stepResultSchema),
  errors: z.array(z.string()).describe('errors outside any test'),
});

export type RequirementRun = z.infer<typeof requirementRunSchema>;
export type Results = z.infer<typeof resultsSchema>;

/** Reads the text of a `results.json`. Throws when it is not one. */
export function parseResults(text: string): Results {
  try {
    return resultsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error('This is no results.json of this version of the suite; run the suite again.', { cause });
  }
}

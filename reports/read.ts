import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { UsageError } from '../fixtures/usage-error.ts';
import { apiVersion, type ConformanceReport, reportSchema } from './model.ts';

/** What every version of a report has. */
const headSchema = z.object({ apiVersion: z.string(), kind: z.literal('ConformanceReport') });

/**
 * Reads a `report.yaml`.
 *
 * @throws UsageError with one sentence when it cannot be read, is no report, or is one of another version.
 */
export function readReport(file: string): ConformanceReport {
  const content = contentOf(file);
  const head = headSchema.safeParse(content);
  if (!head.success) throw new UsageError(`${file} is no report of a conformance run.`);
  if (head.data.apiVersion !== apiVersion) {
    throw new UsageError(
      `${file} is a report of ${head.data.apiVersion}, and this version of the suite reads ${apiVersion}: use the one that made it.`,
    );
  }
  const { success, data, error } = reportSchema.safeParse(content);
  if (success) return data;
  const [{ path, message } = { path: [], message: '' }] = error.issues;
  throw new UsageError(`${file} is not as a report of ${apiVersion} is: ${path.join('/')}: ${message}.`);
}

/** Undefined where it is no YAML. */
function contentOf(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`The report ${file} cannot be read (${code}).`);
  }
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

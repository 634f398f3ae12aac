import { join } from 'node:path';
import * as z from 'zod';
import { reportSchema } from './model.ts';

/** Where the published schema lies. */
export const schemaFile = join(import.meta.dirname, 'schema', 'conformance-report.v1alpha1.json');

/** The published JSON Schema (draft 2020-12) of the report, as text. */
export function schemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema);
  return `${JSON.stringify({ $schema, title: 'ConformanceReport', ...schema }, null, 2)}\n`;
}

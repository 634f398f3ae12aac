import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { reportSchema } from '../../reports/model.ts';
import { schemaFile, schemaText } from '../../reports/write-schema.ts';
import { conformantReport, sampleReport } from './sample.ts';

test('the published schema is the one that the model gives', async () => {
  expect(
    await readFile(schemaFile, 'utf8'),
    'the model changed; run `npm run docs` and look at the difference',
  ).toBe(schemaText());
});

test('the published schema allows nothing that it does not name', () => {
  expect(JSON.parse(schemaText())).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    additionalProperties: false,
    required: expect.arrayContaining(['apiVersion', 'kind', 'result', 'requirements']),
  });
});

test('reports fit the schema, and a spoilt one does not', () => {
  for (const report of [sampleReport(), conformantReport()]) {
    expect(reportSchema.parse(report)).toEqual(report);
  }
  expect(reportSchema.safeParse({ ...sampleReport(), kind: 'Report' }).success).toBe(false);
});

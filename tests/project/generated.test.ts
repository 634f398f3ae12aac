import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { deviationsTable } from '../../fixtures/oracle/deviations-table.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { requirementsTable } from '../../specs/requirements-table.ts';

const root = join(import.meta.dirname, '..', '..');

test('docs/requirements.md is what `npm run docs` writes', () => {
  expect(readFileSync(join(root, 'docs', 'requirements.md'), 'utf8')).toBe(
    requirementsTable(loadCatalogue()),
  );
});

test('docs/deviations.md is what `npm run docs` writes', () => {
  expect(readFileSync(join(root, 'docs', 'deviations.md'), 'utf8')).toBe(deviationsTable());
});

test('package-lock.json names no place that packages are downloaded from', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});

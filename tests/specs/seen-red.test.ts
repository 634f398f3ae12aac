import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readReport } from '../../reports/read.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { blows } from '../sabotage/blows.ts';

const results = join(import.meta.dirname, '..', '..', 'docs', 'results');

/** What a run of a broken cluster has turned red, by recorded reports and by blows that `npm run sabotage` strikes. */
function seenRed(): Set<string> {
  const recorded = globSync('*/report.yaml', { cwd: results }).flatMap((file) =>
    readReport(join(results, file))
      .requirements.filter(({ outcome }) => outcome === 'failed' || outcome === 'unverified')
      .map(({ id }) => id),
  );
  return new Set([...recorded, ...blows.flatMap(({ red }) => Object.keys(red))]);
}

test('every core requirement has been seen red', () => {
  const red = seenRed();
  const core = loadCatalogue().filter(({ level }) => level === 'core');
  expect(core.map(({ id }) => id).filter((id) => !red.has(id))).toEqual([]);
});

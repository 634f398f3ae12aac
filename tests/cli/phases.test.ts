import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { type Run, runVariable, saveRun } from '../../fixtures/run.ts';
import { mergePhases } from '../../scripts/lib/playwright.ts';
import { projectRoot } from '../../scripts/lib/project-root.ts';
import { test } from './fixture.ts';

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

/** A run that has its folders, and nothing in them. */
function runIn(folder: string): Run {
  const output = join(folder, 'report');
  mkdirSync(output, { recursive: true });
  return { id: 'run1', folder, output, workers: 1 } as Run;
}

test('what Playwright empties before it starts is the own of each run', async ({}, info) => {
  const outputs = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const runFile = saveRun(runIn(info.outputPath(name)));
      const ask = "console.log((await import('./playwright.config.ts')).default.outputDir)";
      const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', ask], {
        cwd: projectRoot,
        env: { [runVariable]: runFile },
      });
      return stdout;
    }),
  );
  expect(outputs).toEqual(['one', 'two'].map((name) => info.outputPath(name, 'playwright')));
});

test('a record of Playwright that is not whole is told, and kept', async ({}, info) => {
  const run = runIn(info.outputPath('run'));
  const blobs = join(run.folder, 'blobs');
  mkdirSync(blobs);
  // What a zip begins with.
  writeFileSync(join(blobs, '2-requirements.zip'), 'PK\u0003\u0004');
  const { errors, ...rest } = await mergePhases(run, saveRun(run));
  expect(rest).toEqual({ status: 'failed', results: [], steps: [] });
  expect(errors).toEqual([
    expect.stringMatching(
      `^What Playwright kept of this run cannot be merged, so that nothing is judged. It is left in ${blobs}: Error: .*zip`,
    ),
  ]);
  expect(readdirSync(blobs)).toContain('2-requirements.zip');
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parseResults } from '../../reports/results.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { playwright, writeProject } from '../reports/inline-project.ts';

// Playwright is started as a process of its own, on a machine that may be busy.
test.describe.configure({ timeout: 240_000 });

const root = join(import.meta.dirname, '..', '..');
const from = (path: string) => JSON.stringify(join(root, path));
const [fits, hangs, unready] = loadCatalogue().map(({ id }) => id);

const config = `
  export default {
    fullyParallel: true,
    workers: 2,
    outputDir: 'artifacts',
    reporter: [[${from('reports/reporter.ts')}, { outputFile: 'results.json' }]],
  };
`;

const endings = `
  import { expect } from ${from('fixtures/matchers/to-decide.ts')};
  import { base, requirementFor } from ${from('fixtures/requirement.ts')};
  const test = base.extend({
    sandbox: async ({}, use) => {
      throw new Error('the sandbox did not come up');
    },
    sound: async ({}, use) => use('sound'),
  });
  const requirement = requirementFor(test);

  requirement('${fits}', 'a part', async ({ sound }, info) => {
    expect(sound).toBe('sound');
    expect(info.tags).toContain('@${fits}');
  });
  requirement('${hangs}', async () => {
    test.setTimeout(1_500);
    await new Promise(() => {});
  });
  requirement('${unready}', async ({ sandbox }) => {
    throw new Error('not reached with ' + sandbox);
  });
`;

test('a body that runs out of time or never runs leaves its requirement broken, with the cause', async ({}, info) => {
  const folder = info.outputPath('project');
  await writeProject(folder, {
    'package.json': '{ "type": "module" }',
    'playwright.config.ts': config,
    'endings.spec.ts': endings,
  });
  const { exitCode, output } = await playwright(folder, ['test']);
  expect(exitCode, output).toBe(1);
  const { results } = parseResults(await readFile(join(folder, 'results.json'), 'utf8'));
  const judged = results.map(({ requirement, record }) => [requirement, record.outcome, record.cause]);
  expect(judged, output).toEqual([
    [fits, 'passed', undefined],
    [hangs, 'broken', 'timed out after 1.5 s'],
    [unready, 'broken', 'the sandbox did not come up'],
  ]);
});

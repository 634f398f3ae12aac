import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import {
  diagnosticsAnnotation,
  outcomeAttachment,
  stepAnnotation,
  stepAttachment,
} from '../../fixtures/marks.ts';

import { parseResults, type RequirementRun, type Results } from '../../reports/results.ts';
import { type Ended, playwright, writeProject } from './inline-project.ts';
import { onePixel } from './sample.ts';

// Each test starts Playwright several times, on a machine that may be busy.
test.describe.configure({ timeout: 240_000 });

const reporter = join(import.meta.dirname, '..', '..', 'reports', 'reporter.ts');

const config = `
  import { defineConfig } from '@playwright/test';
  export default defineConfig({
    testDir: 'specs',
    outputDir: process.env.ARTIFACTS ?? 'artifacts',
    fullyParallel: true,
    workers: 2,
    reporter: [[${JSON.stringify(reporter)}, { outputFile: process.env.RESULTS ?? 'out/results.json' }]],
    projects: [
      { name: 'runbook', testMatch: 'runbook.spec.ts', fullyParallel: false },
      { name: 'core', testMatch: 'core/*.spec.ts', dependencies: ['runbook'] },
    ],
  });
`;

/** What the inline specs use in place of \`requirement()\` and \`step()\`. */
const helpers = `
  import { test as base, type TestInfo } from '@playwright/test';
  export const test = base;
  export const proves = (id: string) => ({ annotation: { type: 'requirement', description: id } });
  export const performs = (title: string) => ({ annotation: { type: ${JSON.stringify(stepAnnotation)}, description: title } });
  const json = (body: unknown) => ({ body: JSON.stringify(body), contentType: 'application/json' });
  export const judge = (info: TestInfo, requirement: string, outcome: string, more: object = {}) =>
    info.attach(${JSON.stringify(outcomeAttachment)}, json({ requirement, outcome, edges: [], measurements: [], ...more }));
  export const did = (info: TestInfo, title: string, result: string) =>
    info.attach(${JSON.stringify(stepAttachment)}, json({ title, result, durationMs: 7 }));
`;

const goodRunbook = `
  import { did, performs, test } from '../helpers.ts';
  test.describe.configure({ mode: 'serial' });
  test('install', performs('Install Istio'), async ({}, info) => did(info, 'Install Istio', 'present'));
  test('enforce', performs('Enforce mutual TLS'), async ({}, info) => did(info, 'Enforce mutual TLS', 'applied'));
`;

const badRunbook = `
  import { did, performs, test } from '../helpers.ts';
  test.describe.configure({ mode: 'serial' });
  test('install', performs('Install Istio'), async ({}, info) => did(info, 'Install Istio', 'present'));
  test('enforce', performs('Enforce mutual TLS'), async ({}, info) => {
    info.annotations.push({ type: ${JSON.stringify(diagnosticsAnnotation)}, description: 'runbook' });
    await info.attach('diagnostics/istiod.log', { body: 'no webhook', contentType: 'text/plain' });
    throw new Error('istiod is not ready\\nwith more detail');
  });
  test('enable', performs('Enable application layer policy'), async () => {});
`;

const methods = `
  import { judge, proves, test } from '../../helpers.ts';
  const edges = [{ probe: 'a -> GET /', expected: ['allowed'], seen: 'allowed', control: true, ok: true, evidence: ['200'], totalMs: 4 }];
  test('passes', proves('HTTP-01'), async ({}, info) => {
    await judge(info, 'HTTP-01', 'passed', { edges, measurements: [{ name: 'time to effect', value: 80, unit: 'ms' }] });
    await info.attach('home page', { body: Buffer.from('${onePixel}', 'base64'), contentType: 'image/png' });
    await info.attach('diagnostics/dikastes.log', { body: 'first', contentType: 'text/plain' });
  });
  test('fails', proves('HTTP-02'), async ({}, info) => {
    await judge(info, 'HTTP-02', 'failed', { cause: 'HEAD / was allowed.', edges });
    info.annotations.push({ type: ${JSON.stringify(diagnosticsAnnotation)}, description: 'core-methods' });
    await info.attach('diagnostics/../../escape.txt', { path: import.meta.filename, contentType: 'text/plain' });
    throw new Error('HEAD / was allowed.');
  });
  test('skips itself after judging', proves('HTTP-03'), async ({}, info) => {
    await judge(info, 'HTTP-03', 'skipped', { cause: 'needs a browser: none is installed' });
    test.skip(true, 'needs a browser');
  });
  test('has no requirement', () => {});
`;

const more = `
  import { judge, proves, test } from '../../helpers.ts';
  test('proves the same', proves('HTTP-01'), async ({}, info) => {
    await judge(info, 'HTTP-01', 'unverified', { cause: 'The control was denied.' });
    await info.attach('diagnostics/dikastes.log', { body: 'second', contentType: 'text/plain' });
  });
  test('skips itself', proves('HTTP-04'), () => { test.skip(true, 'the author felt like it'); });
  test.describe.serial('one after the other', () => {
    test('breaks', proves('HTTP-05'), () => { throw new TypeError('x is not a function'); });
    test('comes after', proves('HTTP-06'), () => {});
  });
`;

const unjudged = `
  import { expect } from '@playwright/test';
  import { judge, proves, test } from '../../helpers.ts';
  const leaky = test.extend<{ sandbox: string }>({
    sandbox: async ({}, use) => { await use('up'); throw new Error('the sandbox did not go away'); },
  });
  test('throws', proves('HTTP-01'), () => { expect(1, 'the sandbox is up').toBe(2); });
  test('hangs', proves('HTTP-02'), async () => { test.setTimeout(1_500); await new Promise(() => {}); });
  test('says nothing', proves('HTTP-03'), () => {});
  test('says nonsense', proves('HTTP-04'), async ({}, info) => {
    await info.attach(${JSON.stringify(outcomeAttachment)}, { body: '{"outcome":"fine"}', contentType: 'application/json' });
  });
  leaky('leaks', proves('HTTP-05'), async ({ sandbox }, info) => judge(info, 'HTTP-05', 'passed', { sandbox }));
  test('speaks of another', proves('HTTP-06'), async ({}, info) => judge(info, 'HTTP-01', 'passed'));
`;

const project = {
  'playwright.config.ts': config,
  'helpers.ts': helpers,
  'specs/runbook.spec.ts': goodRunbook,
  'specs/core/methods.spec.ts': methods,
  'specs/core/more.spec.ts': more,
};

async function resultsOf(file: string): Promise<Results> {
  return parseResults(await readFile(file, 'utf8'));
}

/** Times differ from run to run; nothing else may. */
function timeless(results: Results): Results {
  return {
    ...results,
    results: results.results.map((run) => ({ ...run, durationMs: 0 })),
    steps: results.steps.map((step) => ({ ...step, durationMs: 0 })),
  };
}

function find({ results }: Results, requirement: string): RequirementRun {
  const found = results.find((run) => run.requirement === requirement);
  if (found === undefined) throw new Error(`the results have no ${requirement}`);
  return found;
}

function judgements({ results }: Results): Record<string, string> {
  return Object.fromEntries(
    results.map(({ requirement, record }) => [requirement, `${record.outcome}: ${record.cause}`]),
  );
}

function expectRan({ exitCode, output }: Ended): void {
  expect(exitCode, output).toBe(1);
  expect(output).not.toContain('Error in reporter');
}

/** Runs one of two shards of a project, as a machine of its own would. */
function shard(folder: string, number: 1 | 2, env: Record<string, string> = {}): Promise<Ended> {
  return playwright(folder, ['test', `--shard=${number}/2`, '--reporter=blob'], {
    ARTIFACTS: `artifacts-${number}`,
    PLAYWRIGHT_BLOB_OUTPUT_FILE: join(folder, 'blobs', `${number}.zip`),
    // Otherwise the second would remove the first one's report.
    PWTEST_BLOB_DO_NOT_REMOVE: '1',
    ...env,
  });
}

/** Merges the shards into `merged/results.json`. */
async function merge(folder: string): Promise<Results> {
  const { exitCode, output } = await playwright(
    folder,
    ['merge-reports', '-c', 'playwright.config.ts', 'blobs'],
    { RESULTS: 'merged/results.json' },
  );
  expect(exitCode, output).toBe(0);
  return resultsOf(join(folder, 'merged', 'results.json'));
}

test('a run gives its results, and its shards merged give the same', async ({}, testInfo) => {
  const folder = testInfo.outputPath('project');
  await writeProject(folder, project);
  expectRan(await playwright(folder, ['test'], { RESULTS: 'whole/results.json' }));
  expectRan(await shard(folder, 1));
  expectRan(await shard(folder, 2));

  const whole = await resultsOf(join(folder, 'whole', 'results.json'));
  const merged = await merge(folder);
  expect(timeless(merged)).toEqual(timeless(whole));

  expect(judgements(whole)).toEqual({
    'HTTP-01': 'unverified: The control was denied.',
    'HTTP-02': 'failed: HEAD / was allowed.',
    'HTTP-03': 'skipped: needs a browser: none is installed',
    'HTTP-04': 'broken: did not run because the author felt like it',
    'HTTP-05': 'broken: TypeError: x is not a function',
    'HTTP-06': 'broken: did not run because HTTP-05 failed: TypeError: x is not a function',
  });
  const unstarted = whole.results.filter(({ ran }) => !ran).map(({ requirement }) => requirement);
  expect(unstarted).toEqual(['HTTP-04', 'HTTP-06']);

  const folded = find(whole, 'HTTP-01');
  expect(folded).toMatchObject({ project: 'core', file: 'core/more.spec.ts' });
  expect(folded.record.edges).toHaveLength(1);
  expect(folded.record.measurements).toEqual([{ name: 'time to effect', value: 80, unit: 'ms' }]);
  expect(folded.pictures).toEqual([{ name: 'home page', pngBase64: onePixel }]);

  for (const run of ['whole', 'merged']) {
    const file = (path: string) => readFile(join(folder, run, path), 'utf8');
    expect(folded.diagnostics).toEqual([
      'diagnostics/HTTP-01/dikastes.log',
      'diagnostics/HTTP-01/dikastes-2.log',
    ]);
    expect(await file('diagnostics/HTTP-01/dikastes.log')).toBe('first');
    expect(await file('diagnostics/HTTP-01/dikastes-2.log')).toBe('second');
    expect(folded).not.toHaveProperty('diagnosticsFolder');
    expect(find(whole, 'HTTP-02').diagnosticsFolder).toBe('diagnostics/HTTP-02');
    expect(find(whole, 'HTTP-02').diagnostics).toEqual(['diagnostics/HTTP-02/escape.txt']);
    expect(await file('diagnostics/HTTP-02/escape.txt')).toContain('escape.txt');
    expect(await readdir(join(folder, run))).toEqual(['diagnostics', 'results.json']);
  }

  expect(whole.status).toBe('failed');
  expect(whole.errors).toEqual([]);
  expect(timeless(whole).steps).toEqual([
    { title: 'Install Istio', result: 'present', durationMs: 0 },
    { title: 'Enforce mutual TLS', result: 'applied', durationMs: 0 },
  ]);
});

test('a test that gives no outcome makes its requirement broken, and the cause says why', async ({}, testInfo) => {
  const folder = testInfo.outputPath('project');
  const { 'specs/core/methods.spec.ts': _, 'specs/core/more.spec.ts': __, ...rest } = project;
  await writeProject(folder, { ...rest, 'specs/core/unjudged.spec.ts': unjudged });
  expectRan(await playwright(folder, ['test']));
  expect(judgements(await resultsOf(join(folder, 'out', 'results.json')))).toEqual({
    'HTTP-01': 'broken: the sandbox is up',
    'HTTP-02': 'broken: timed out after 1.5 s',
    'HTTP-03': 'broken: ended without recording an outcome',
    'HTTP-04': 'broken: recorded an outcome that cannot be read',
    'HTTP-05': 'broken: the sandbox did not go away (after the requirement was judged passed)',
    'HTTP-06': 'broken: ended without recording an outcome',
  });
});

test('when a step of the runbook fails, everything after it names the step', async ({}, testInfo) => {
  const folder = testInfo.outputPath('project');
  await writeProject(folder, { ...project, 'specs/runbook.spec.ts': badRunbook });
  expectRan(await playwright(folder, ['test']));
  const results = await resultsOf(join(folder, 'out', 'results.json'));
  expect(results.results).toHaveLength(6);
  const reason = 'did not run because the runbook step "Enforce mutual TLS" failed: istiod is not ready';
  for (const { requirement, ran, record } of results.results) {
    expect({ ran, ...record }, requirement).toMatchObject({ ran: false, outcome: 'broken', cause: reason });
  }
  expect(timeless(results).steps).toEqual([
    { title: 'Install Istio', result: 'present', durationMs: 0 },
    {
      title: 'Enforce mutual TLS',
      result: 'failed',
      cause: 'istiod is not ready',
      durationMs: 0,
      diagnostics: ['diagnostics/runbook/Enforce-mutual-TLS/istiod.log'],
      diagnosticsFolder: 'diagnostics/runbook/Enforce-mutual-TLS',
    },
    { title: 'Enable application layer policy', result: 'not run', cause: reason, durationMs: 0 },
  ]);
});

test('a step that failed in one shard explains only what that shard left out', async ({}, testInfo) => {
  const folder = testInfo.outputPath('project');
  const runbook = badRunbook.replace('throw new', 'if (process.env.UNREADY) throw new');
  await writeProject(folder, { ...project, 'specs/runbook.spec.ts': runbook });
  expectRan(await shard(folder, 1, { UNREADY: '1' }));
  expectRan(await shard(folder, 2));
  const results = await merge(folder);
  const reason = 'did not run because the runbook step "Enforce mutual TLS" failed: istiod is not ready';
  expect(judgements(results)).toEqual({
    'HTTP-01': `unverified: The control was denied.; ${reason}`,
    'HTTP-02': `broken: ${reason}`,
    'HTTP-03': `broken: ${reason}`,
    'HTTP-04': 'broken: did not run because the author felt like it',
    'HTTP-05': 'broken: TypeError: x is not a function',
    'HTTP-06': 'broken: did not run because HTTP-05 failed: TypeError: x is not a function',
  });
  expect(results.steps.map(({ title, result }) => `${title}: ${result}`)).toEqual([
    'Install Istio: present',
    'Enforce mutual TLS: failed',
    'Enable application layer policy: failed',
  ]);
});

test('what was left when the run stopped early says so', async ({}, testInfo) => {
  const folder = testInfo.outputPath('project');
  await writeProject(folder, project);
  expectRan(await playwright(folder, ['test', '--max-failures=1', '--workers=1']));
  const results = await resultsOf(join(folder, 'out', 'results.json'));
  expect(find(results, 'HTTP-02').record.outcome).toBe('failed');
  expect(find(results, 'HTTP-06').record).toMatchObject({
    outcome: 'broken',
    cause: expect.stringMatching(/^did not run because of an error in the run: Testing stopped early/),
  });
  expect(results.errors).toEqual([expect.stringContaining('Testing stopped early')]);
});

test('listing tests writes no results', async ({}, testInfo) => {
  const folder = testInfo.outputPath('project');
  await writeProject(folder, project);
  const { exitCode, output } = await playwright(folder, ['test', '--list']);
  expect(exitCode, output).toBe(0);
  await expect(access(join(folder, 'out'))).rejects.toThrow('ENOENT');
});

test('a reporter that is not told where to write refuses to start', async ({}, testInfo) => {
  const folder = testInfo.outputPath('project');
  await writeProject(folder, {
    ...project,
    'playwright.config.ts': config.replace('outputFile', 'elsewhere'),
  });
  const { exitCode, output } = await playwright(folder, ['test']);
  expect(exitCode).toBe(1);
  expect(output).toContain('The results reporter needs `outputFile`');
});

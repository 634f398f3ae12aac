import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { readReport } from '../../reports/read.ts';
import { test } from './stand-ins.ts';

const verb = join(import.meta.dirname, '..', '..', 'scripts', 'conformance.ts');

async function conformance(folder: string, ...more: string[]) {
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    [verb, '--target', 'dikastes', '--workers', '1', '--output', folder, ...more],
    { reject: false },
  );
  return { stdout, stderr, exitCode };
}

test('a run on Dikastes alone makes a report that says so', async ({ folder, standIn }) => {
  test.slow();
  const binary = standIn('good', 'before 3.32');
  const which = ['--calico', 'v3.29.7', '--dikastes', binary, '--requirement', 'HTTP-02'];
  const { stdout, exitCode } = await conformance(folder, ...which, '--requirement', 'MTLS-02');
  expect(stdout).toContain('MTLS-02 skipped  needs a cluster: Dikastes alone cannot prove it');
  expect(stdout).toContain(
    'Dikastes of Calico v3.29.7, only requirements HTTP-02, MTLS-02\n2 requirements: 1 skipped, 1 passed',
  );
  expect({ last: stdout.trimEnd().split('\n').at(-1), exitCode }).toEqual({
    last: 'incomplete',
    exitCode: 0,
  });
  const report = readReport(join(folder, 'report.yaml'));
  expect(report.target).toEqual({
    kind: 'dikastes',
    about: 'Dikastes v3.29.7 alone, asked as Envoy asks, without a cluster',
  });
  const files = report.requirements.flatMap(({ diagnostics }) => diagnostics);
  expect(files).toContain('diagnostics/HTTP-02/transcript.ndjson');
  for (const file of files) expect(existsSync(join(folder, file)), file).toBe(true);
});

test('a Dikastes that cannot be used is broken, with what it logged last', async ({ folder, standIn }) => {
  const binary = standIn('dies at start', '3.32');
  const which = ['--calico', 'v3.32.1', '--dikastes', binary, '--requirement', 'HTTP-02'];
  const { stdout, exitCode } = await conformance(folder, ...which);
  expect(stdout).toMatch(/ended by status 3\. The last it logged: .*Unable to listen/);
  expect(stdout).toContain('1 broken');
  expect(exitCode).toBe(3);
});

for (const [what, args, sentence] of [
  ['without its release', [], '--target dikastes needs to know the release: add --calico VERSION.'],
  ['that is not there', ['--calico', 'v3.32.1', '--dikastes', '/none'], '--dikastes: there is no /none.'],
] as const) {
  test(`a Dikastes ${what} is wrong usage`, async ({ folder }) => {
    expect(await conformance(folder, ...args)).toEqual({ stdout: '', stderr: sentence, exitCode: 2 });
  });
}

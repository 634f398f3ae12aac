import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { safePath } from '../../fixtures/diagnostics/names.ts';
import { readReport } from '../../reports/read.ts';
import { test } from '../cli/fixture.ts';

test('a run that is killed leaves the diagnostics that it had, and `down` calls it done', async ({
  suite,
}, info) => {
  const output = info.outputPath('report');
  const args = ['--calico', 'v3.31.7', '--requirement', 'HTTP-01', '--output', output];
  const run = suite.start('conformance', ...args);
  let part = '';
  for await (const line of createInterface({ input: run.stdout })) {
    part = / failed +HTTP-01 .*\((.+)\)$/.exec(line)?.[1] ?? '';
    if (part !== '') break;
  }
  run.kill('SIGKILL');
  await run;
  expect(existsSync(join(output, 'report.yaml'))).toBe(false);
  const owner = join(output, 'diagnostics', 'HTTP-01');
  // The other part may be halfway.
  const folder = readdirSync(owner).find((name) => name.endsWith(safePath(part))) ?? '';
  for (const file of ['about.txt', 'probes.yaml', 'pods.txt', 'policies.yaml']) {
    expect(existsSync(join(owner, folder, file)), file).toBe(true);
  }
  expect(await suite.run('down')).toMatchObject({ status: 0, stderr: '' });
});

test('a run whose Playwright is killed puts its mesh back, and its report says what was lost', async ({
  suite,
}, info) => {
  const output = info.outputPath('report');
  const run = suite.start(
    'conformance',
    '--requirement',
    'HTTP-01',
    '--requirement',
    'HTTP-02',
    '--output',
    output,
  );
  for await (const line of createInterface({ input: run.stdout })) {
    if (!/ passed +HTTP-01 /.test(line)) continue;
    const { stdout } = await execa('ps', ['-o', 'pid=', '--ppid', String(run.pid), '-o', 'args=']);
    for (const [, pid] of stdout.matchAll(/^ *(\d+) .*cli\.js test --project=slow/gm))
      process.kill(Number(pid), 'SIGKILL');
    break;
  }
  const { exitCode } = await run;
  const { requirements, run: made, cluster } = readReport(join(output, 'report.yaml'));
  expect(made.errors).toEqual([
    'Playwright was ended by SIGKILL, and what it had judged is lost (2-requirements). Look for what ended it (memory?), and run the suite again.',
  ]);
  expect(exitCode).toBe(3);
  expect(requirements.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['HTTP-01', 'broken'],
    ['HTTP-02', 'broken'],
  ]);
  expect(cluster.restored).toBe('restored');
});

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from '@playwright/test';
import { safePath } from '../../fixtures/diagnostics/names.ts';
import { readReport } from '../../reports/read.ts';
import { test } from '../cli/fixture.ts';
import { childProcess } from './child-process.ts';

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

for (const { phase, project, line } of [
  { phase: '1-runbook', project: 'runbook', line: / applied +PeerAuthentication$/ },
  { phase: '2-requirements', project: 'slow', line: / passed +HTTP-01 / },
]) {
  test(`a run whose Playwright is killed in ${phase} puts its mesh back, and says what was lost`, async ({
    suite,
  }, info) => {
    const output = info.outputPath('report');
    const asked = ['HTTP-01', 'HTTP-02'];
    const run = suite.start(
      'conformance',
      ...asked.flatMap((id) => ['--requirement', id]),
      '--output',
      output,
    );
    let judged = 0;
    for await (const told of createInterface({ input: run.stdout })) {
      if (/^ *[\d.]+ s +\w+ +HTTP/.test(told)) judged += 1;
      if (!line.test(told)) continue;
      process.kill(
        childProcess(run.pid ?? 0, new RegExp(String.raw`cli\.js test --project=${project}`)),
        'SIGKILL',
      );
    }
    const { exitCode } = await run;
    const { requirements, run: made, cluster } = readReport(join(output, 'report.yaml'));
    expect(made.errors).toEqual([
      `Playwright was ended by SIGKILL before it kept what it had judged (${phase}). Look for what ended it (memory, disk?), and run the suite again.`,
    ]);
    expect(exitCode).toBe(3);
    expect(judged, 'requirements that a runbook without its end was judged by').toBeLessThan(
      phase === '1-runbook' ? 1 : 3,
    );
    expect(requirements.map(({ id, outcome }) => [id, outcome])).toEqual(asked.map((id) => [id, 'broken']));
    expect(cluster.restored).toBe('restored');
  });
}

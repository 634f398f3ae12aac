import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from '@playwright/test';
import { safePath } from '../../fixtures/diagnostics/names.ts';
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

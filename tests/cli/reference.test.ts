import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { test } from './fixture.ts';

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

test('a mesh that stays ends with Ctrl-C, and leaves nothing', async ({ suite }) => {
  const verb = suite.start('reference');
  let told = '';
  for await (const line of verb) {
    told += `${line}\n`;
    if (line.startsWith('Ctrl-C')) verb.kill('SIGINT');
  }
  const { exitCode, stderr } = await verb;
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: '\nStopping (Ctrl-C again stops at once) ...',
  });
  expect(told).toMatch(/^This is the embedded reference mesh, .*\n +kubectl --kubeconfig '.+' get pods -A\n/);
  expect(readdirSync(join(suite.folder, '.state', 'reference'))).toEqual([]);
  rmSync(join(suite.folder, '.state'), { recursive: true });
});

test('Ctrl-C while a mesh starts ends it too', async ({ suite }) => {
  const verb = suite.start('reference');
  await new Promise((resolve) => verb.once('spawn', resolve));
  // Its own handler has to be there first; the folder is what it makes next.
  while (!existsSync(join(suite.folder, '.state', 'reference'))) await new Promise(setImmediate);
  verb.kill('SIGINT');
  const { exitCode } = await verb;
  expect(exitCode).toBe(0);
  rmSync(join(suite.folder, '.state'), { recursive: true });
});

test('what cannot be judged on it leaves no state, and says why', async ({ suite }) => {
  const { status, stdout, stderr } = await suite.run('conformance', '--requirement', 'HTTP-20');
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toMatch(
    /^Nothing that was asked for can be judged here \(HTTP-20 needs a browser: .*--install\)/,
  );
  expect(readdirSync(join(suite.folder, '.state', 'runs'))).toEqual([]);
  rmSync(join(suite.folder, '.state'), { recursive: true });
});

test('a run that was killed has taken its mesh along, and `down` says so', async ({ suite }) => {
  const folder = join(suite.folder, '.state', 'runs', 'run2');
  mkdirSync(folder, { recursive: true });
  const gone = await execa(process.execPath, ['-p', 'process.pid']);
  const run = { id: 'run2', folder, target: 'reference', context: 'reference', pid: Number(gone.stdout) };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
  const first = await suite.run('down');
  const second = await suite.run('down');
  rmSync(join(suite.folder, '.state'), { recursive: true });
  expect(first).toEqual({
    status: 0,
    stdout: 'Run run2 on context reference\n  Its reference mesh has ended with it.',
    stderr: '',
  });
  expect(second.stdout).toBe('There is nothing to put back.');
});

for (const [verb, args, sentence] of [
  [
    'reference',
    ['--calico', 'newest'],
    'It must be a release from v3.24.0 to v3.32.1, such as v3.31.7. (see --help)',
  ],
  [
    'reference',
    ['--audit-log', '/no/such/folder/audit.ndjson'],
    '--audit-log /no/such/folder/audit.ndjson cannot be written (ENOENT): name another file.',
  ],
  ['bench', ['--runs', '0'], 'It must be a number from 1 to 99. (see --help)'],
] as const) {
  test(`wrong usage of ${verb} (${args[0]}) is one sentence, and its help is help`, async ({ suite }) => {
    const wrong = await suite.run(verb, ...args);
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr).toMatch(/^[^\n]+$/);
    expect(wrong.stderr).toContain(sentence);
    const help = await suite.run(verb, '--help');
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`^(Usage: )?npm run ${verb} `));
  });
}

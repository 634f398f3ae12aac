import { expect } from '@playwright/test';
import { UsageError } from '../../fixtures/usage-error.ts';
import { readDecisionsOptions } from '../../scripts/lib/bench/options.ts';
import { test } from './fixture.ts';
import { changes, paths, remove } from './sound-cluster.ts';

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

const wrong: [args: string[], sentence: RegExp][] = [
  [['--target', 'dikastes'], /'dikastes' is invalid\. Allowed choices are reference, kind, existing\./],
  [['--profile', 'extended'], /^--profile has no say in `npm run bench -- decisions`: leave it out/],
  [['--requirement', 'HTTP-01'], /^--requirement has no say/],
  [['--list'], /^--list has no say/],
  [['--dikastes', 'f'], /^--dikastes has no say/],
  [['--context', 'c'], /^--context is for a cluster.*--target existing/],
];

for (const [args, sentence] of wrong) {
  test(`bench -- decisions ${args.join(' ')} is wrong usage, in one sentence`, () => {
    const read = () => readDecisionsOptions(args);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
  });
}

test('decisions are counted where the options say', () => {
  expect(readDecisionsOptions(['--calico', 'v3.31.7'])).toMatchObject({
    target: 'reference',
    calico: 'v3.31.7',
    workers: 1,
  });
});

test('the help of bench -- decisions is its own', async ({ suite }) => {
  const { status, stdout, stderr } = await suite.run('bench', 'decisions', '--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: npm run bench -- decisions \[options\]\n/);
  expect(stdout).toContain('--context');
  expect(stdout).not.toMatch(/--(profile|requirement|list|dikastes) /);
});

test('bench -- decisions that is refused leaves nothing', async ({ suite, sound, kubeconfig }) => {
  const cluster = ['--target', 'existing', '--kubeconfig', kubeconfig, '--context', 'test'];
  remove(sound, paths.csiDriver);
  const unfit = await suite.run('bench', 'decisions', ...cluster, '--yes');
  expect(unfit).toMatchObject({ status: 3, stdout: '' });
  expect(unfit.stderr).toContain('no CSI driver csi.tigera.io');
  const noFile = await suite.run('bench', 'decisions', ...cluster, '--yes', '--boutique', 'none');
  expect(noFile).toMatchObject({ status: 2, stdout: '' });
  expect(noFile.stderr).toMatch(/^--boutique .*none is not a file\.$/);
  expect(changes(sound)).toEqual([]);
  expect(suite.hasState()).toBe(false);
});

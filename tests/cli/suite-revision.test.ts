import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { execa } from 'execa';
import { suiteRevision } from '../../scripts/lib/suite.ts';

const files = [
  'fixtures/run.ts',
  'package-lock.json',
  'playwright.config.ts',
  'reports/fold.ts',
  'scripts/conformance.ts',
  'specs/http/methods.spec.ts',
  'versions.yaml',
];

/** A folder with a file of each kind, and git in it. */
const test = base.extend<{ root: string; git: (...args: string[]) => Promise<string> }>({
  root: async ({}, use, info) => {
    const root = info.outputPath('suite');
    for (const file of [...files, 'README.md']) write(root, file, 'as it was\n');
    await use(root);
  },
  git: async ({ root }, use) => {
    const author = ['-c', 'user.name=x', '-c', 'user.email=x@example.test'];
    await use(async (...args) => (await execa('git', [...author, ...args], { cwd: root })).stdout);
  },
});

function write(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

test('is the commit of the checkout, and a digest beside it once that was changed', async ({ root, git }) => {
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'first');
  const commit = await git('rev-parse', '--short=12', 'HEAD');
  expect(await suiteRevision(root)).toBe(commit);
  const changed = new RegExp(`^${commit}-dirty\\+[0-9a-f]{12}$`);
  write(root, 'specs/http/new.spec.ts', 'nobody has added it yet\n');
  expect(await suiteRevision(root)).toMatch(changed);
  await git('clean', '--quiet', '--force');
  expect(await suiteRevision(root)).toBe(commit);
  write(root, 'README.md', 'changed\n');
  expect(await suiteRevision(root)).toMatch(changed);
});

test('every file that decides what is judged changes the digest, and no other does', async ({
  root,
  git,
}) => {
  // A checkout without a commit, so that nothing of another one around it is seen.
  await git('init', '--quiet');
  const before = await suiteRevision(root);
  expect(before).toMatch(/^unknown\+[0-9a-f]{12}$/);
  write(root, 'README.md', 'changed\n');
  expect(await suiteRevision(root)).toBe(before);
  const seen = new Set([before]);
  for (const file of files) {
    write(root, file, 'changed\n');
    seen.add(await suiteRevision(root));
  }
  expect(seen.size).toBe(files.length + 1);
});

test("within another's checkout it is not that one's commit", async ({ root, git }) => {
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', "someone else's");
  const within = join(root, 'node_modules', 'alp-conformance');
  for (const part of ['fixtures', 'scripts']) {
    cpSync(join(root, part), join(within, part), { recursive: true });
  }
  expect(await suiteRevision(within)).toMatch(/^unknown\+[0-9a-f]{12}$/);
});

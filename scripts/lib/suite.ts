import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from './project-root.ts';

export function suiteVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/**
 * The commit of the suite's checkout, or "unknown" outside one. Where that does not say what the suite is, because
 * the checkout was changed since, a digest of its files does.
 *
 * @param root the suite's own folder.
 */
export async function suiteRevision(root: string = projectRoot): Promise<string> {
  const commit = (await isCheckout(root))
    ? await git(root, 'describe', '--always', '--dirty', '--abbrev=12')
    : undefined;
  if (commit === undefined) return `unknown+${digestOfSuite(root)}`;
  if (commit.endsWith('-dirty')) return `${commit}+${digestOfSuite(root)}`;
  // A spec that nobody has added yet is proven like the others, and git calls no checkout dirty for it.
  const added = await git(root, 'ls-files', '--others', '--exclude-standard', '--', ...folders);
  return added === '' ? commit : `${commit}-dirty+${digestOfSuite(root)}`;
}

/** Whether a folder is the top of a checkout: one that lies within another's was not committed as what it is. */
async function isCheckout(root: string): Promise<boolean> {
  return (await git(root, 'rev-parse', '--show-prefix')) === '';
}

/** What git says; undefined where it fails, or is not there. */
async function git(root: string, ...args: string[]): Promise<string | undefined> {
  const { stdout, failed } = await execa('git', args, { cwd: root, reject: false });
  return failed ? undefined : stdout.trim();
}

/** What decides what is judged, and how. */
const folders = ['fixtures', 'reports', 'scripts', 'specs'];
const deciding = [
  ...folders.map((folder) => `${folder}/**/*.*`),
  'package-lock.json',
  'playwright.config.ts',
  'versions.yaml',
];

function digestOfSuite(root: string): string {
  const hash = createHash('sha256');
  const files = globSync(deciding, { cwd: root }).sort();
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 12);
}

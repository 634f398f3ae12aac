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
 */
export async function suiteRevision(): Promise<string> {
  const { stdout, failed } = await execa('git', ['describe', '--always', '--dirty', '--abbrev=12'], {
    cwd: projectRoot,
    reject: false,
  });
  const commit = failed ? 'unknown' : stdout.trim();
  return failed || commit.endsWith('-dirty') ? `${commit}+${digestOfSuite()}` : commit;
}

/** Of everything that decides what is judged, and how. */
function digestOfSuite(): string {
  const hash = createHash('sha256');
  const files = globSync(['{fixtures,scripts,specs}/**/*.*', 'package-lock.json'], { cwd: projectRoot });
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(join(projectRoot, file)));
  return hash.digest('hex').slice(0, 12);
}

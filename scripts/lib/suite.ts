import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from './pinned.ts';

export function suiteVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** The commit of the suite's checkout, marked when it was changed since; "unknown" outside a checkout. */
export async function suiteRevision(): Promise<string> {
  const { stdout, failed } = await execa('git', ['describe', '--always', '--dirty', '--abbrev=12'], {
    cwd: projectRoot,
    reject: false,
  });
  return failed ? 'unknown' : stdout.trim();
}

import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');

/** Writes the files of a project below `folder`, by their paths. */
export async function writeProject(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

export interface Ended {
  exitCode: number;
  /** Everything it printed. */
  output: string;
}

/**
 * Runs Playwright's real command line in a project, as a process of its own. Nothing that the surrounding test
 * run put into the environment reaches it.
 */
export async function playwright(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(PW|PLAYWRIGHT|TEST_|NODE_OPTIONS$|CI$|NO_COLOR$)/.test(name),
  );
  const { exitCode, all } = await execa(process.execPath, [cli, ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), FORCE_COLOR: '1', ...env },
    extendEnv: false,
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  return { exitCode: exitCode ?? -1, output: all };
}

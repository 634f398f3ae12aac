import { join } from 'node:path';
import { execa } from 'execa';
import { playwrightCli } from './playwright-cli.ts';
import { projectRoot } from './project-root.ts';

/**
 * Runs tests of the suite itself; further arguments of the verb go to Playwright.
 *
 * @param folder below the project, with a `playwright.config.ts`.
 * @returns Playwright's exit status.
 */
export async function runOwnTests(folder: string): Promise<number> {
  const { exitCode } = await execa(
    process.execPath,
    [
      playwrightCli,
      'test',
      '-c',
      join(projectRoot, folder, 'playwright.config.ts'),
      ...process.argv.slice(2),
    ],
    { cwd: projectRoot, stdio: 'inherit', reject: false },
  );
  return exitCode ?? 3;
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { playwrightFolder, type Run, runVariable } from '../../fixtures/run.ts';
import { parseResults, type Results } from '../../reports/results.ts';
import { lastOf } from './last-words.ts';
import { playwrightCli } from './playwright-cli.ts';
import { projectRoot } from './project-root.ts';
import { signalGroup } from './signal-group.ts';

/** One invocation of Playwright within a run; its blob is merged with the others' at the end. */
export interface Phase {
  name: string;
  projects: string[];
  /** Tests whose title or tags match. */
  grep: string;
}

/** How a phase came to its end. */
export interface PhaseEnd {
  /** Whether every test of it ended well. */
  well: boolean;
  /** Why there is no blob of it, though nobody interrupted it. */
  error?: string;
}

/** Runs a phase. What failed is read from its blob. */
export async function runPhase(
  run: Run,
  runFile: string,
  phase: Phase,
  signal: AbortSignal,
): Promise<PhaseEnd> {
  const blob = join(blobFolder(run), `${phase.name}.zip`);
  const playwright = execa(
    process.execPath,
    [
      playwrightCli,
      'test',
      ...phase.projects.map((project) => `--project=${project}`),
      `--grep=${phase.grep}`,
      '--pass-with-no-tests',
    ],
    {
      cwd: projectRoot,
      stdio: 'inherit',
      reject: false,
      // Away from the terminal's Ctrl-C, which we pass on: a second interrupt makes Playwright drop everything.
      detached: process.platform !== 'win32',
      cancelSignal: signal,
      // Playwright stops its workers and writes its blob when it is interrupted.
      killSignal: 'SIGINT',
      forceKillAfterDelay: 30_000,
      env: {
        [runVariable]: runFile,
        PLAYWRIGHT_BLOB_OUTPUT_FILE: blob,
        FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
      },
    },
  );
  const { exitCode, signal: killer } = await playwright;
  const well = exitCode === 0;
  // Its workers outlive it for half a minute, and would go on changing what is about to be put back.
  if (killer !== undefined && playwright.pid !== undefined) signalGroup(playwright.pid, 'SIGKILL');
  if (signal.aborted || existsSync(blob)) return { well };
  const how = killer === undefined ? `ended with status ${exitCode}` : `was ended by ${killer}`;
  const error = `Playwright ${how} before it kept what it had judged (${phase.name}). Look for what ended it (memory, disk?), and run the suite again.`;
  return { well, error };
}

/**
 * Merges all phases into results, Playwright's HTML and JUnit, in the run's output folder. Blobs that cannot be
 * merged stay where they are, and the results say so: a report without outcomes still tells what ran on what.
 *
 * @param about what the results speak of, for JUnit, which has no other place for it.
 */
export async function mergePhases(run: Run, runFile: string, about = 'a cluster'): Promise<Results> {
  const { output } = run;
  const folder = blobFolder(run);
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length === 0) return { status: 'failed', results: [], steps: [], errors: [] };
  const configModule = join(run.folder, 'merge.config.mjs');
  const outputFile = join(output, 'results.json');
  const reporter = [
    [join(projectRoot, 'reports', 'reporter.ts'), { outputFile }],
    ['html', { outputFolder: join(output, 'playwright'), open: 'never' }],
    ['junit', { outputFile: join(output, 'junit.xml') }],
  ];
  writeFileSync(
    configModule,
    `export default ${JSON.stringify({ testDir: join(projectRoot, 'specs'), reporter })};\n`,
  );
  rmSync(outputFile, { force: true });
  const { stderr, stdout } = await execa(
    process.execPath,
    [playwrightCli, 'merge-reports', '--config', configModule, folder],
    {
      cwd: projectRoot,
      reject: false,
      env: { [runVariable]: runFile, PLAYWRIGHT_JUNIT_SUITE_NAME: `alp-conformance on ${about}` },
    },
  );
  // Its status repeats that something failed; whether merging itself worked shows in what it wrote.
  if (!existsSync(outputFile)) {
    const error = `What Playwright kept of this run cannot be merged, so that nothing is judged. It is left in ${folder}${lastOf(stderr || stdout)}`;
    return { status: 'failed', results: [], steps: [], errors: [error] };
  }
  rmSync(playwrightFolder(run), { recursive: true, force: true });
  return parseResults(readFileSync(outputFile, 'utf8'));
}

function blobFolder(run: Run): string {
  return join(run.folder, 'blobs');
}

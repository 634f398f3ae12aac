import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Run, runVariable } from '../../fixtures/run.ts';
import { parseResults, type Results } from '../../reports/results.ts';
import { playwrightCli } from './playwright-cli.ts';
import { projectRoot } from './project-root.ts';

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
  /** What became of Playwright itself, where it did not end by its own will: its blob is missing then. */
  error?: string;
}

/** What Playwright exits with by its own will: all passed, something failed, interrupted. */
const ownExits = [0, 1, 130];

/** Runs a phase. What failed is read from its blob. */
export async function runPhase(
  run: Run,
  runFile: string,
  phase: Phase,
  signal: AbortSignal,
): Promise<PhaseEnd> {
  const { exitCode, signal: endedBy } = await execa(
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
        PLAYWRIGHT_BLOB_OUTPUT_FILE: join(blobFolder(run), `${phase.name}.zip`),
        FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
      },
    },
  );
  if (signal.aborted || ownExits.includes(exitCode ?? -1)) return { well: exitCode === 0 };
  const how = endedBy === undefined ? `with status ${exitCode}` : `by ${endedBy}`;
  const error = `Playwright was ended ${how}, and what it had judged is lost (${phase.name}). Look for what ended it (memory?), and run the suite again.`;
  return { well: false, error };
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
    const [why = 'without a word'] = (stderr || stdout).trim().split('\n');
    const error = `What Playwright kept of this run cannot be merged, so that nothing is judged (${why}). It is left in ${folder}.`;
    return { status: 'failed', results: [], steps: [], errors: [error] };
  }
  return parseResults(readFileSync(outputFile, 'utf8'));
}

function blobFolder(run: Run): string {
  return join(run.folder, 'blobs');
}

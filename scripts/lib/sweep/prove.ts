import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Bench, benchVariable } from '../../../fixtures/dikastes/bench/bench.ts';
import { parseResults, type RequirementRun } from '../../../reports/results.ts';
import { projectRoot } from '../project-root.ts';

/** Where the proof's own Playwright configuration finds what it must know. */
export const resultsVariable = 'ALP_CONFORMANCE_RESULTS';
export const workersVariable = 'ALP_CONFORMANCE_WORKERS';

const cli = join(projectRoot, 'node_modules', '@playwright', 'test', 'cli.js');

export interface ProveOptions {
  workers: number;
  signal: AbortSignal;
  /** The folder of the report that this is for: it gets `results.json`, and `diagnostics`, which the results name. */
  output?: string;
}

/**
 * Proves requirements on one Dikastes alone, by the same specs as on a cluster.
 *
 * @returns what became of each, sorted by id.
 * @throws when the specs could not be run at all, with what Playwright said.
 */
export async function prove(
  bench: Bench,
  ids: readonly string[],
  { workers, signal, output }: ProveOptions,
): Promise<RequirementRun[]> {
  const folder = output ?? mkdtempSync(join(tmpdir(), 'alp-sweep-'));
  const results = join(folder, 'results.json');
  // A folder that a person has named may have those of an earlier run.
  rmSync(results, { force: true });
  try {
    const { stdout, stderr } = await execa(
      process.execPath,
      [
        cli,
        'test',
        '-c',
        join(import.meta.dirname, 'playwright.config.ts'),
        `--grep=${ids.map((id) => `@${id}\\b`).join('|')}`,
      ],
      {
        cwd: projectRoot,
        stdin: 'ignore',
        reject: false,
        detached: process.platform !== 'win32',
        cancelSignal: signal,
        killSignal: 'SIGINT',
        forceKillAfterDelay: 10_000,
        env: {
          [benchVariable]: JSON.stringify(bench),
          [resultsVariable]: results,
          [workersVariable]: String(workers),
        },
      },
    );
    signal.throwIfAborted();
    if (!existsSync(results)) throw new Error(`The specs could not be run: ${(stderr || stdout).trim()}`);
    return parseResults(readFileSync(results, 'utf8')).results;
  } finally {
    if (output === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

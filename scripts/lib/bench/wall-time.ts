import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { type ConformanceReport, reportSchema } from '../../reports/model.ts';
import { UnfitError } from '../targets/preflight.ts';
import { projectRoot } from './pinned.ts';

/** What core on the reference mesh may take, in milliseconds, on two cores. */
const budgetMs = 30_000;

interface Timed {
  wallMs: number;
  report: ConformanceReport;
}

/**
 * Runs core on the reference mesh and prints where the time goes, in seconds and as multiples of an empty
 * Playwright invocation on the same machine at the same time, which says more than seconds on a busy one.
 *
 * @returns 1 when two runs came to different outcomes, or one of them was not conformant. Being over the budget is
 *   told and no error: a busy machine is slow.
 */
export async function benchReference(runs: number, signal: AbortSignal): Promise<number> {
  const emptyMs = await emptyInvocation();
  const timed: Timed[] = [];
  const differences: string[] = [];
  for (let run = 1; run <= runs && !signal.aborted; run++) {
    const one = await runCore(signal);
    if (one === undefined) break;
    timed.push(one);
    const first = timed[0] as Timed;
    const differing = differenceOf(first.report, one.report);
    differences.push(...differing.map((line) => `run ${run}: ${line}`));
    process.stdout.write(
      `run ${run}: ${seconds(one.wallMs)}, ${one.report.result.totals.passed} passed, ${one.report.result.conformant ? 'conformant' : 'NOT conformant'}${differing.length === 0 ? '' : `, ${differing.join('; ')}`}\n`,
    );
  }
  const median = timed.toSorted((a, b) => a.wallMs - b.wallMs)[Math.floor((timed.length - 1) / 2)];
  if (median === undefined) return 130;
  process.stdout.write(`\n${table(median, emptyMs)}\n`);
  if (runs > 1) process.stdout.write(`${timed.length} runs, ${differences.length} differences in outcomes\n`);
  return differences.length === 0 && timed.every(({ report }) => report.result.conformant) ? 0 : 1;
}

/** Undefined when it was interrupted. */
async function runCore(signal: AbortSignal): Promise<Timed | undefined> {
  const output = mkdtempSync(join(tmpdir(), 'alp-conformance-bench-'));
  const began = performance.now();
  try {
    const { exitCode } = await execa(
      process.execPath,
      [join(projectRoot, 'scripts', 'conformance.ts'), '--output', output],
      {
        cwd: projectRoot,
        stdin: 'ignore',
        stdout: 'ignore',
        stderr: 'inherit',
        reject: false,
        // It gets the terminal's Ctrl-C from us, once; a second one would keep it from ending in order.
        detached: true,
        cancelSignal: signal,
        killSignal: 'SIGINT',
        forceKillAfterDelay: 60_000,
      },
    );
    if (signal.aborted) return undefined;
    const wallMs = performance.now() - began;
    if (!existsSync(join(output, 'report.yaml'))) {
      throw new UnfitError(`The run made no report (status ${exitCode}).`);
    }
    const report = reportSchema.parse(parse(readFileSync(join(output, 'report.yaml'), 'utf8')));
    return { wallMs, report };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

async function emptyInvocation(): Promise<number> {
  const cli = join(projectRoot, 'node_modules', '@playwright', 'test', 'cli.js');
  const began = performance.now();
  await execa(process.execPath, [cli, 'test', '--grep=(?!)', '--pass-with-no-tests'], { cwd: projectRoot });
  return performance.now() - began;
}

function differenceOf(a: ConformanceReport, b: ConformanceReport): string[] {
  const outcomes = new Map(b.requirements.map(({ id, outcome }) => [id, outcome]));
  return a.requirements
    .filter(({ id, outcome }) => outcomes.get(id) !== outcome)
    .map(({ id, outcome }) => `${id} ${outcomes.get(id) ?? 'missing'} instead of ${outcome}`);
}

function table({ wallMs, report }: Timed, emptyMs: number): string {
  const within = wallMs <= budgetMs ? 'within' : 'OVER';
  const line = (name: string, ms: number) =>
    `  ${name.padEnd(52)} ${seconds(ms).padStart(7)} ${String(Math.round((100 * ms) / wallMs)).padStart(3)} %`;
  const told = report.phases.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return [
    `core on the reference mesh: ${seconds(wallMs)} (the median run), ${within} its budget of ${seconds(budgetMs)}`,
    ...report.phases.flatMap(({ name, durationMs }) => [
      line(name, durationMs),
      ...(name === 'runbook' ? report.steps.map((step) => line(`  ${step.title}`, step.durationMs)) : []),
    ]),
    line('starting and ending', wallMs - told),
    `an empty Playwright invocation takes ${seconds(emptyMs)}; core takes ${(wallMs / emptyMs).toFixed(1)} of them`,
  ].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { type ConformanceReport, reportSchema } from '../../../reports/model.ts';
import { UnfitError } from '../../targets/preflight.ts';
import { projectRoot } from '../project-root.ts';

/** What a profile on the reference mesh may take, in milliseconds, on two cores. */
const budgetsMs = { core: 30_000, extended: 120_000 };

/** As many as `conformance` has unless told otherwise. */
const workers = 3;

export interface WallTimeOptions {
  /** So many times in a row. */
  runs: number;
  profile: keyof typeof budgetsMs;
}

interface Timed {
  wallMs: number;
  report: ConformanceReport;
}

/**
 * Runs a profile on the reference mesh and prints where the time goes, in seconds and as multiples of an empty
 * Playwright invocation on the same machine at the same time, which says more than seconds on a busy one.
 *
 * @returns 1 when two runs came to different outcomes, or one of them was not conformant. Being over the budget is
 *   told and no error: a busy machine is slow.
 */
export async function benchReference(
  { runs, profile }: WallTimeOptions,
  signal: AbortSignal,
): Promise<number> {
  const emptyMs = await emptyInvocation();
  const timed: Timed[] = [];
  const differences: string[] = [];
  for (let run = 1; run <= runs && !signal.aborted; run++) {
    const one = await runProfile(profile, signal);
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
  process.stdout.write(`\n${table(profile, median, emptyMs)}\n`);
  if (runs > 1) process.stdout.write(`${timed.length} runs, ${differences.length} differences in outcomes\n`);
  return differences.length === 0 && timed.every(({ report }) => report.result.conformant) ? 0 : 1;
}

/** Undefined when it was interrupted. */
async function runProfile(profile: string, signal: AbortSignal): Promise<Timed | undefined> {
  const output = mkdtempSync(join(tmpdir(), 'alp-conformance-bench-'));
  const began = performance.now();
  try {
    const { exitCode } = await execa(
      process.execPath,
      [join(projectRoot, 'scripts', 'conformance.ts'), '--profile', profile, '--output', output],
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
  const judged = ({ requirements, hazards }: ConformanceReport) => [...requirements, ...hazards];
  const outcomes = new Map(judged(b).map(({ id, outcome }) => [id, outcome] as [string, string]));
  return judged(a)
    .filter(({ id, outcome }) => outcomes.get(id) !== outcome)
    .map(({ id, outcome }) => `${id} ${outcomes.get(id) ?? 'missing'} instead of ${outcome}`);
}

function table(profile: keyof typeof budgetsMs, { wallMs, report }: Timed, emptyMs: number): string {
  const within = wallMs <= budgetsMs[profile] ? 'within' : 'OVER';
  const line = (name: string, ms: number) =>
    `  ${name.padEnd(52)} ${seconds(ms).padStart(7)} ${String(Math.round((100 * ms) / wallMs)).padStart(3)} %`;
  const told = report.phases.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return [
    `${profile} on the reference mesh: ${seconds(wallMs)} (the median run), ${within} its budget of ${seconds(budgetsMs[profile])}`,
    ...report.phases.flatMap(({ name, durationMs }) => [
      line(name, durationMs),
      ...(name === 'runbook' ? report.steps.map((step) => line(`  ${step.title}`, step.durationMs)) : []),
    ]),
    line('starting and ending', wallMs - told),
    `an empty Playwright invocation takes ${seconds(emptyMs)}; ${profile} takes ${(wallMs / emptyMs).toFixed(1)} of them`,
    waits(report),
  ].join('\n');
}

/** Wall time over what nobody can spare: the waits of all requirements, shared by the workers that wait at once. */
function waits({ requirements, hazards, phases }: ConformanceReport): string {
  const waited = [...requirements, ...hazards].map(({ waitedMs }) => waitedMs);
  const least = Math.max(...waited, waited.reduce((sum, ms) => sum + ms, 0) / workers);
  const wall = phases.find(({ name }) => name === 'requirements')?.durationMs ?? 0;
  return `the requirements took ${seconds(wall)}, ${(wall / least).toFixed(1)} times the ${seconds(least)} that ${workers} workers at least have to wait for the mesh`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

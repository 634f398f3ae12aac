import { judgeRelease } from './judge.ts';
import type { SweepOptions } from './options.ts';
import { type Column, renderTable, statusOf } from './table.ts';

/**
 * Proves the requirements on each release, and prints a table of both.
 *
 * @returns the exit status, as `table.ts` says.
 */
export async function sweep(
  { source, releases, requirements, workers }: SweepOptions,
  signal: AbortSignal,
): Promise<number> {
  const columns: Column[] = [];
  for (const release of releases) {
    if (signal.aborted) break;
    const began = performance.now();
    const judged = await judgeRelease(source.bench(release), requirements, { workers, signal }).catch(
      (error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      },
    );
    // What an interrupt cut short is no verdict; the releases before it are told all the same.
    if (judged === undefined || signal.aborted) break;
    columns.push({ release, judged });
    const passed = judged.filter(({ outcome }) => outcome === 'passed').length;
    const promised = judged.filter(({ outcome }) => outcome !== 'not promised').length;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`${release}: ${passed} of ${promised} kept (${seconds} s)\n`);
  }
  if (columns.length > 0) process.stdout.write(`\n${renderTable(columns)}\n`);
  return signal.aborted ? 130 : statusOf(columns);
}

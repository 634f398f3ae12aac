import { judgeRelease } from './judge.ts';
import type { SweepOptions } from './options.ts';
import { findChanges, type Verdict } from './search.ts';
import { tellChanges } from './tell.ts';

/**
 * Finds where one requirement changed hands, and prints it.
 *
 * @returns 0 when something could be told, 3 when no release could be judged.
 */
export async function bisect(
  { source, releases, requirements, workers }: SweepOptions,
  signal: AbortSignal,
): Promise<number> {
  const [requirement] = requirements;
  const judge = async (release: string): Promise<Verdict | undefined> => {
    const [judged] = await judgeRelease(source.bench(release), requirements, { workers, signal });
    const { outcome, cause } = judged!;
    process.stdout.write(`${release}: ${outcome}${cause === undefined ? '' : ` (${cause})`}\n`);
    if (outcome === 'passed' || outcome === 'present') return 'good';
    // A promise whose controls fail is as broken as one that leaks: nothing is decided as it should be.
    return outcome === 'failed' || outcome === 'unverified' || outcome === 'absent' ? 'bad' : undefined;
  };
  const { changes, verdicts } = await findChanges(releases, judge);
  process.stdout.write(`\n${tellChanges(requirement!.id, changes, verdicts)}\n`);
  return verdicts.size === 0 ? 3 : 0;
}

import type { ConformanceReport } from '../../reports/model.ts';
import { commandOf } from '../../reports/repeat-command.ts';
import type { Options } from './options.ts';
import { suiteRevision, suiteVersion } from './suite.ts';

/**
 * What a report tells of the run that has just ended.
 *
 * @param resumed the earlier run that it went on with.
 */
export async function runFacts(
  id: string,
  started: string,
  { profile, area, requirement, seed }: Pick<Options, 'profile' | 'area' | 'requirement' | 'seed'>,
  resumed?: string,
): Promise<Omit<ConformanceReport['run'], 'errors'>> {
  return {
    id,
    started,
    finished: new Date().toISOString(),
    suiteVersion: suiteVersion(),
    suiteRevision: await suiteRevision(),
    profile,
    areas: area,
    requirements: requirement,
    seed,
    ...(resumed !== undefined && { resumed }),
    command: commandOf(process.argv.slice(2)),
  };
}

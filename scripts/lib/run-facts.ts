import type { ConformanceReport } from '../../reports/model.ts';
import { commandOf } from '../../reports/repeat-command.ts';
import type { Options } from './options.ts';
import { suiteRevision, suiteVersion } from './suite.ts';

/** What a report tells of the run that has just ended. */
export async function runFacts(
  id: string,
  started: string,
  { profile, requirement }: Pick<Options, 'profile' | 'requirement'>,
): Promise<Omit<ConformanceReport['run'], 'errors'>> {
  return {
    id,
    started,
    finished: new Date().toISOString(),
    suiteVersion: suiteVersion(),
    suiteRevision: await suiteRevision(),
    profile,
    requirements: requirement,
    command: commandOf(process.argv.slice(2)),
  };
}

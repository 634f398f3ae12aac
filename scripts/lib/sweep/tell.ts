import { type Range, within } from './range.ts';
import { knownReleases } from './releases.ts';
import type { Change, Verdict } from './search.ts';

/** What a search found, a sentence a line. */
export function tellChanges(
  id: string,
  changes: readonly Change[],
  verdicts: ReadonlyMap<string, Verdict>,
): string {
  if (changes.length === 0) {
    const [verdict] = verdicts.values();
    const releases = [...verdicts.keys()].join(', ');
    if (verdict === undefined) return `No release could be judged for ${id}.`;
    return `${id} is ${verdict === 'good' ? 'kept' : 'broken'} by every release that was asked: ${releases}.`;
  }
  return changes
    .map((change, index) => {
      const after = index === 0 ? '' : ' after it';
      const what = change.to === 'bad' ? `The first bad release${after}` : `The first good release${after}`;
      const known = `${id} is ${change.to === 'bad' ? 'kept' : 'broken'} by ${change.before} and ${change.to === 'bad' ? 'broken' : 'kept'} by ${change.after}`;
      const missing = between({ from: change.before, to: change.after });
      return missing.length === 0
        ? `${what} is ${change.after}: ${known}.`
        : `${what} is one of the ${missing.length + 1} from ${missing[0]} to ${change.after}: ${known}, and none between them could be asked.`;
    })
    .join('\n');
}

function between(range: Range): string[] {
  return within(knownReleases, range).filter((release) => release !== range.from && release !== range.to);
}

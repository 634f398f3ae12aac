import semver from 'semver';

/** Two releases between which a promise changed hands; none between them is at hand. */
export interface Change {
  before: string;
  after: string;
  /** What it is from `after` on. */
  to: 'good' | 'bad';
}

export type Verdict = 'good' | 'bad';

/**
 * Finds where a promise begins or ceases to be kept: by the last release of each line, and between two of these
 * that differ by halving. What changes and changes back between two of those is not found.
 *
 * @param judge undefined when a release cannot be judged; it then counts as not at hand.
 */
export async function findChanges(
  releases: readonly string[],
  judge: (release: string) => Promise<Verdict | undefined>,
): Promise<{ changes: Change[]; verdicts: Map<string, Verdict> }> {
  const verdicts = new Map<string, Verdict>();
  const left = [...releases];
  const ask = async (release: string): Promise<Verdict | undefined> => {
    const verdict = verdicts.get(release) ?? (await judge(release));
    if (verdict === undefined) left.splice(left.indexOf(release), 1);
    else verdicts.set(release, verdict);
    return verdict;
  };

  for (const release of sample(releases)) await ask(release);
  for (let asked = true; asked; ) {
    asked = false;
    for (const { before, after } of changesIn(left, verdicts)) {
      const between = left.slice(left.indexOf(before) + 1, left.indexOf(after));
      const middle = between[Math.floor(between.length / 2)];
      if (middle === undefined) continue;
      await ask(middle);
      asked = true;
    }
  }
  return { changes: changesIn(left, verdicts), verdicts };
}

/** The first and the last of all, and the last of each line. */
function sample(releases: readonly string[]): string[] {
  const line = (release: string | undefined) =>
    release === undefined ? '' : `${semver.major(release)}.${semver.minor(release)}`;
  return releases.filter((release, index) => index === 0 || line(releases[index + 1]) !== line(release));
}

function changesIn(releases: readonly string[], verdicts: ReadonlyMap<string, Verdict>): Change[] {
  const judged = releases.filter((release) => verdicts.has(release));
  return judged.flatMap((after, index) => {
    const before = judged[index - 1];
    const to = verdicts.get(after)!;
    return before === undefined || verdicts.get(before) === to ? [] : [{ before, after, to }];
  });
}

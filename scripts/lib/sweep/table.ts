import type { Judged } from './judge.ts';

/** All requirements on one release. */
export interface Column {
  release: string;
  judged: readonly Judged[];
}

/** What stands for an outcome in the table; in words, so that it can be searched. */
function wordFor({ outcome, known }: Judged): string {
  if (outcome === 'not promised') return '-';
  return known !== undefined && isBreach(outcome) ? `${outcome} (known)` : outcome;
}

/** Requirements by releases, and below it each cause once with the releases that it was seen on. */
export function renderTable(columns: readonly Column[]): string {
  const ids = columns[0]?.judged.map(({ requirement }) => requirement) ?? [];
  const rows = [
    ['requirement', ...columns.map(({ release }) => release)],
    ...ids.map((id, index) => [id, ...columns.map(({ judged }) => wordFor(judged[index]!))]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  const causes = causesIn(columns);
  return [...lines, ...(causes.length === 0 ? [] : ['', ...causes])].join('\n');
}

function causesIn(columns: readonly Column[]): string[] {
  const releases = new Map<string, Set<string>>();
  for (const { release, judged } of columns) {
    for (const one of judged) {
      const line = lineFor(one, judged);
      if (line !== undefined) releases.set(line, (releases.get(line) ?? new Set()).add(release));
    }
  }
  return [...releases].map(([line, seen]) => `${[...seen].join(', ')}: ${line}`);
}

function lineFor(one: Judged, all: readonly Judged[]): string | undefined {
  const { requirement, outcome, known, cause } = one;
  if (outcome === 'passed' && known !== undefined) {
    return `${requirement} is kept, though this is known: ${known.summary} (${known.link})`;
  }
  if (cause === undefined || outcome === 'passed' || outcome === 'absent') return undefined;
  if (known !== undefined && isBreach(outcome)) return `known: ${known.summary} (${known.link})`;
  // What is wrong with Dikastes itself is said once, not for every requirement.
  const same = all.every((other) => other.cause === cause || other.outcome === 'not promised');
  return `${same && all.length > 1 ? 'everything' : requirement} ${outcome}: ${cause}`;
}

/** Whether a promise was seen not to be kept; denials without a control are no better than that. */
function isBreach(outcome: Judged['outcome']): boolean {
  return outcome === 'failed' || outcome === 'unverified';
}

/**
 * The exit status: 3 when something could not be judged, 1 when a release breaks a promise and nobody knew, or
 * keeps one that it is known to break, else 0.
 */
export function statusOf(columns: readonly Column[]): number {
  const all = columns.flatMap(({ judged }) => judged);
  if (all.some(({ outcome }) => outcome === 'broken' || outcome === 'skipped')) return 3;
  const surprising = all.some(({ outcome, known }) =>
    isBreach(outcome) ? known === undefined : outcome === 'passed' && known !== undefined,
  );
  return surprising ? 1 : 0;
}

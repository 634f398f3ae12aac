import type { Totals } from './model.ts';

/** Which failures count: all of them, or only those that no known deviation explains. */
export type Gate = 'all' | 'new';

export interface RunEnd {
  /** A person or the CI system stopped the run. */
  interrupted: boolean;
  /** The cluster could not be reached. */
  unreachable: boolean;
  totals: Totals;
  /** As `isComplete` of totals.ts says. */
  complete: boolean;
  /** Whether an incomplete run is an error. */
  strict: boolean;
  /** `all` unless said. */
  gate?: Gate;
  /** How many of the failed and unverified requirements have a known deviation; looked at by the gate `new`. */
  known?: number;
  /** How many errors happened outside any requirement. */
  errors?: number;
}

/**
 * The exit status of a run. The first row that applies decides.
 *
 * | status | when |
 * | --- | --- |
 * | 130 | the run was interrupted |
 * | 1 | a requirement failed or is unverified (gate `new`: one without a known deviation) |
 * | 3 | a requirement is broken, something outside the requirements broke, the cluster was unreachable, or nothing was selected |
 * | 3 | the run is incomplete, and `strict` |
 * | 0 | otherwise |
 *
 * Wrong usage is 2 and is decided before a run starts. Known deviations change nothing with the gate `all`: a
 * release that breaks a promise is not conformant, whoever knows of it.
 */
export function exitStatus(end: RunEnd): 0 | 1 | 3 | 130 {
  const { totals, gate = 'all', known = 0, errors = 0 } = end;
  if (end.interrupted) return 130;
  const wrong = totals.failed + totals.unverified - (gate === 'new' ? known : 0);
  if (wrong > 0) return 1;
  const selected = Object.values(totals).reduce((sum, count) => sum + count, 0);
  if (totals.broken > 0 || errors > 0 || end.unreachable || selected === 0) return 3;
  return end.strict && !end.complete ? 3 : 0;
}

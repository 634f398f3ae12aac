import type { Totals } from './model.ts';

export interface RunEnd {
  /** A person or the CI system stopped the run. */
  interrupted: boolean;
  totals: Totals;
  /** How much was asked for, hazards among it. */
  asked: number;
  /** As `isComplete` of totals.ts says. */
  complete: boolean;
  /** Whether an incomplete run is an error. */
  strict: boolean;
  /** How many errors happened outside any requirement. */
  errors: number;
}

/**
 * The exit status of a run. The first row that applies decides.
 *
 * | status | when |
 * | --- | --- |
 * | 130 | the run was interrupted |
 * | 1 | a requirement failed or is unverified |
 * | 3 | a requirement or hazard is broken, something outside them broke, or nothing was asked for |
 * | 3 | the run is incomplete, and `strict` |
 * | 0 | otherwise |
 *
 * Wrong usage is 2 and a cluster that cannot be reached or is not fit is 3; both are decided before a run starts.
 * Known deviations change nothing: a release that breaks a promise is not conformant, whoever knows of it. Nor does
 * it whether a hazard is present.
 */
export function exitStatus({
  interrupted,
  totals,
  asked,
  complete,
  strict,
  errors,
}: RunEnd): 0 | 1 | 3 | 130 {
  if (interrupted) return 130;
  if (totals.failed + totals.unverified > 0) return 1;
  if (totals.broken > 0 || errors > 0 || asked === 0) return 3;
  return strict && !complete ? 3 : 0;
}

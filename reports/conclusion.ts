import type { ConformanceReport } from './model.ts';

/** What a run comes to, in the words used on every rendering. */
export type Conclusion = 'conformant' | 'not conformant' | 'incomplete' | 'interrupted';

/**
 * `interrupted` when the run was stopped before its end; else `not conformant` when a requirement failed or is
 * unverified; else `incomplete` when something could not be judged, or no requirement was; else `conformant`.
 */
export function conclusionOf({ result }: Pick<ConformanceReport, 'result'>): Conclusion {
  const { failed, unverified } = result.totals;
  if (result.exitStatus === 130) return 'interrupted';
  if (failed + unverified > 0) return 'not conformant';
  return result.complete && result.conformant ? 'conformant' : 'incomplete';
}

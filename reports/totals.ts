import type { Outcome } from '../fixtures/outcome.ts';
import { causesOf } from './fold.ts';
import type { RequirementResult, Totals } from './model.ts';

type Judged = Pick<RequirementResult, 'outcome' | 'cause'>;

/** Counts requirements by outcome; every outcome is present, also with zero. */
export function totalsOf(requirements: readonly { outcome: Outcome }[]): Totals {
  const totals: Totals = { passed: 0, failed: 0, unverified: 0, broken: 0, skipped: 0 };
  for (const { outcome } of requirements) totals[outcome] += 1;
  return totals;
}

/** Totals per area of the catalogue, areas in alphabetical order. */
export function totalsByArea(
  requirements: readonly { outcome: Outcome; area: string }[],
): Record<string, Totals> {
  const areas = Object.groupBy(requirements, ({ area }) => area);
  return Object.fromEntries(
    Object.keys(areas)
      .sort()
      .map((area) => [area, totalsOf(areas[area] ?? [])]),
  );
}

/**
 * Whether a requirement was skipped because the run lacked a means (a browser, a second node) rather than
 * because it does not apply to these versions. Such causes start with `needs `.
 */
export function lacksMeans({ outcome, cause }: Judged): boolean {
  return outcome === 'skipped' && causesOf(cause).some((part) => part.startsWith('needs '));
}

/**
 * Whether the run judged everything it was asked to judge: something was judged at all, nothing is broken
 * (neither a requirement nor, given as `errors`, anything outside them), and nothing was skipped for want of a
 * means. Skips by version or feature do no harm.
 */
export function isComplete(requirements: readonly Judged[], errors: readonly string[] = []): boolean {
  const { passed, failed, unverified, broken } = totalsOf(requirements);
  const judged = passed + failed + unverified;
  return judged > 0 && broken === 0 && errors.length === 0 && !requirements.some(lacksMeans);
}

/** Whether the run is complete and every requirement that applies passed. Known deviations do not excuse. */
export function isConformant(requirements: readonly Judged[], errors: readonly string[] = []): boolean {
  const { failed, unverified } = totalsOf(requirements);
  return isComplete(requirements, errors) && failed === 0 && unverified === 0;
}

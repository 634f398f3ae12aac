import type { Outcome } from '../fixtures/outcome.ts';
import { causesOf } from './fold.ts';
import type { HazardResult, RequirementResult, Totals } from './model.ts';

/** All that a run has judged, or was to judge. */
export interface Judged {
  requirements: readonly Pick<RequirementResult, 'outcome' | 'cause'>[];
  hazards: readonly Pick<HazardResult, 'outcome' | 'cause'>[];
}

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

/** What totals count: the requirements, and hazards that are broken, since what broke may break anything. */
export function counted<R extends { outcome: Outcome }, H extends { outcome: HazardResult['outcome'] }>({
  requirements,
  hazards,
}: {
  requirements: readonly R[];
  hazards: readonly H[];
}): (R | (H & { outcome: 'broken' }))[] {
  const broken = hazards.filter((hazard): hazard is H & { outcome: 'broken' } => hazard.outcome === 'broken');
  return [...requirements, ...broken];
}

/**
 * Whether something was skipped because the run lacked a means (a browser, a second node) rather than because it
 * does not apply to these versions. Such causes start with `needs `.
 */
export function lacksMeans({ outcome, cause }: { outcome: string; cause?: string | undefined }): boolean {
  return outcome === 'skipped' && causesOf(cause).some((part) => part.startsWith('needs '));
}

/**
 * Whether the run judged everything it was asked to judge: something was judged at all, nothing is broken
 * (neither a requirement, a hazard nor, given as `errors`, anything outside them), of every hazard it is known
 * whether it is there, and nothing was skipped for want of a means. Skips by version or API do no harm.
 */
export function isComplete({ requirements, hazards }: Judged, errors: readonly string[] = []): boolean {
  const all = [...requirements, ...hazards];
  const wasJudged = ({ outcome }: (typeof all)[number]) => outcome !== 'skipped' && outcome !== 'broken';
  return (
    errors.length === 0 &&
    all.some(wasJudged) &&
    !all.some((one) => one.outcome === 'broken' || lacksMeans(one)) &&
    !hazards.some(({ outcome }) => outcome === 'unverified')
  );
}

/**
 * Whether the run is complete, something passed, and every requirement that applies did. Known deviations do not
 * excuse, and whether hazards are present changes nothing.
 */
export function isConformant(judged: Judged, errors: readonly string[] = []): boolean {
  const { passed, failed, unverified } = totalsOf(judged.requirements);
  return isComplete(judged, errors) && passed > 0 && failed === 0 && unverified === 0;
}

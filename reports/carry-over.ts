import type { CarriedOver } from './assemble.ts';
import type { ConformanceReport, HazardResult, RequirementResult } from './model.ts';

/**
 * What a later run on the same cluster need not judge again: of what it is asked for, the requirements that passed
 * and the hazards that were found present or absent. Each is marked with the run that judged it, which may be one
 * that this report carried it over from.
 */
export function carryOver(
  { run, requirements, hazards }: ConformanceReport,
  asked: readonly string[],
): CarriedOver {
  const marked = <T extends RequirementResult | HazardResult>(result: T): T => ({
    ...result,
    from: result.from ?? run.id,
  });
  return {
    requirements: requirements
      .filter(({ id, outcome }) => asked.includes(id) && outcome === 'passed')
      .map(marked),
    hazards: hazards
      .filter(({ id, outcome }) => asked.includes(id) && (outcome === 'present' || outcome === 'absent'))
      .map(marked),
  };
}

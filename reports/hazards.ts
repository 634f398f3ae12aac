import type { Outcome } from '../fixtures/outcome.ts';
import type { HazardResult } from './model.ts';

const told: Record<Outcome, HazardResult['outcome']> = {
  passed: 'present',
  failed: 'absent',
  unverified: 'unverified',
  broken: 'broken',
  skipped: 'skipped',
};

/** What the outcome of a test says of the hazard that it looks for: what is expected is that it is there. */
export function hazardOutcome(outcome: Outcome): HazardResult['outcome'] {
  return told[outcome];
}

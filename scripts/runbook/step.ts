import type { Walk } from './walk.ts';

/**
 * One step of the tutorial. What it changes goes through the walk's guest, which journals it first; that journal
 * is how every step is undone, so a step declares no undo of its own.
 */
export interface Step {
  /** The tutorial's heading. */
  title: string;
  /** What it changes on the cluster, in one sentence; shown before anything is done. */
  changes: string;
  /** Whether its effect is there already. */
  present: (walk: Walk) => Promise<boolean>;
  /** Does what a person following the tutorial would do; may be run again. */
  apply: (walk: Walk) => Promise<void>;
  /** Waits for the real effect, also when it was present. */
  verify: (walk: Walk) => Promise<void>;
}

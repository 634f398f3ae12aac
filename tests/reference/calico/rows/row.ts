import type { KubeObject } from '../../../../fixtures/cluster/objects.ts';
import type { Outcome } from '../world.ts';

/** One measured case: some objects, and how each request ends. */
export interface Row {
  row: string;
  objects: KubeObject[];
  /** As promised; and, where the release of the measurement did otherwise, as measured on 3.32.1. */
  asks: Record<string, Outcome | { promised: Outcome; measured: Outcome }>;
}

export const but = (promised: Outcome, measured: Outcome) => ({ promised, measured });

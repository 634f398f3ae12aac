import type { Bench } from '../../../fixtures/dikastes/bench/bench.ts';
import { BenchMesh } from '../../../fixtures/dikastes/bench/mesh.ts';
import { DikastesError } from '../../../fixtures/dikastes/dikastes-error.ts';
import type { Edge, Outcome } from '../../../fixtures/outcome.ts';
import { deviationOf } from '../../../reports/deviations.ts';
import { hazardOutcome } from '../../../reports/hazards.ts';
import type { Deviation, HazardResult } from '../../../reports/model.ts';
import type { Requirement } from '../../../specs/catalogue.ts';
import { loadDeviations } from '../../../specs/deviations.ts';
import { select } from '../../../specs/selection.ts';
import { fixedDikastes } from '../../targets/fixed.ts';
import { prove } from './prove.ts';

/** What became of one requirement on one release. */
export interface Judged {
  requirement: string;
  /** `not promised`: the release does not make this promise; `present` or `absent`, of hazards. */
  outcome: Outcome | HazardResult['outcome'] | 'not promised';
  /** What `specs/deviations.yaml` says of this release: that it breaks the promise, and, where it did, in this way. */
  known?: Deviation;
  cause?: string;
}

/**
 * Judges requirements on one Dikastes. One that cannot be used, or whose Envoy cannot, leaves them all broken, with what it logged last;
 * nothing of it is a verdict.
 */
export async function judgeRelease(
  bench: Bench,
  requirements: readonly Requirement[],
  options: { workers: number; signal: AbortSignal },
): Promise<Judged[]> {
  const versions = { kubernetes: 'unknown', istio: 'unknown', boutique: 'unknown', dikastes: 'unknown' };
  const calico = bench.release;
  const deviations = loadDeviations();
  const released = { versions: { ...versions, calico }, api: 'unknown' } as const;
  const judged = (
    id: string,
    outcome: Judged['outcome'],
    cause?: string,
    edges?: readonly Edge[],
  ): Judged => {
    const known = deviationOf(id, released, deviations, edges);
    return { requirement: id, outcome, ...(known && { known }), ...(cause !== undefined && { cause }) };
  };
  const fixed = fixedDikastes(bench);
  const promised = select(requirements, fixed.versions, fixed.means).selected;
  const unusable = promised.length === 0 ? undefined : await whyUnusable(bench);
  const ids = promised.map(({ id }) => id);
  const runs = ids.length === 0 || unusable !== undefined ? [] : await prove(bench, ids, options);
  const byId = new Map(runs.map(({ requirement, record }) => [requirement, record]));
  return requirements.map(({ id, hazard }) => {
    if (!ids.includes(id)) return judged(id, 'not promised');
    if (unusable !== undefined) return judged(id, 'broken', unusable);
    const record = byId.get(id);
    if (record === undefined) return judged(id, 'broken', 'No spec proves it on Dikastes alone.');
    const { outcome, cause, edges } = record;
    if (hazard) return judged(id, hazardOutcome(outcome), cause);
    return judged(id, outcome, cause, outcome === 'passed' ? undefined : edges);
  });
}

/** Why a Dikastes cannot be used at all, with what it logged last; undefined when it can. */
export async function whyUnusable(bench: Bench): Promise<string | undefined> {
  try {
    const mesh = await BenchMesh.start(bench);
    await mesh.close();
    return undefined;
  } catch (error) {
    if (error instanceof DikastesError) return error.message;
    throw error;
  }
}

import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { Run } from '../../fixtures/run.ts';
import { select } from '../../specs/selection.ts';
import { boutiqueObjects } from '../runbook/microservices-demo.ts';
import { inspect } from '../targets/inspect.ts';
import { preflight, UnfitError } from '../targets/preflight.ts';
import type { Target } from '../targets/target.ts';
import { istioctlVersion } from './istioctl.ts';
import { refuseIfHeld } from './lease.ts';
import { asked } from './list.ts';
import { makeRun } from './make-run.ts';
import type { Options } from './options.ts';

/** A run as it is about to be made, and what of it cannot be judged here. */
export interface Prepared {
  run: Run;
  skipped: { id: string; reason: string }[];
}

/**
 * Looks at the cluster and decides what a run will judge. Nothing is changed.
 *
 * @throws UnfitError when no run can be made, or nothing that was asked for can be judged.
 */
export async function prepare(
  cluster: Cluster,
  target: Target,
  named: Pick<Run, 'id' | 'folder'>,
  options: Options,
  browser: string | undefined,
): Promise<Prepared> {
  await refuseIfHeld(cluster);
  const inspection = await inspect(cluster, await istioctlVersion(options.istioctl));
  await preflight(cluster, inspection, options);
  if (!inspection.shopDeployed) await boutiqueObjects(options.boutique);
  const means = { ...inspection, browser: browser !== undefined };
  const { selected, skipped } = select(asked(options), inspection.versions, means);
  if (selected.length === 0) {
    const reasons = skipped.map(({ id, reason }) => `${id} ${reason}`).join('; ');
    throw new UnfitError(`Nothing that was asked for can be judged here (${reasons}), so nothing was done.`);
  }
  const ids = selected.map(({ id }) => id);
  return { run: makeRun(named, options, target, inspection.versions, ids, browser), skipped };
}

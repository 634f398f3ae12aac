import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { Fingerprint, Run } from '../../fixtures/run.ts';
import type { CarriedOver } from '../../reports/assemble.ts';
import { carryOver } from '../../reports/carry-over.ts';
import { differencesFrom } from '../../reports/fingerprint.ts';
import { type Means, select } from '../../specs/selection.ts';
import { boutiqueObjects } from '../runbook/microservices-demo.ts';
import { whatToSayOf } from '../targets/forbidden.ts';
import { type Inspection, inspect } from '../targets/inspect.ts';
import { preflight, UnfitError } from '../targets/preflight.ts';
import type { Target } from '../targets/target.ts';
import { askedFor } from './asked.ts';
import { type EarlierRun, findEarlierRun } from './earlier-run.ts';
import { istioctlVersion } from './istioctl.ts';
import { refuseIfHeld } from './lease.ts';
import { fingerprintOf, makeRun } from './make-run.ts';
import { maySign } from './may-sign.ts';
import type { Options } from './options.ts';

/** A run as it is about to be made, and what of it cannot or need not be judged here. */
export interface Prepared {
  run: Run;
  means: Means;
  skipped: { id: string; reason: string }[];
  resumed?: Resumed;
}

/** An earlier run that this one goes on with. */
export interface Resumed extends EarlierRun {
  carried: CarriedOver;
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
  wanted: Options,
  browser: string | undefined,
): Promise<Prepared> {
  const options = { ...wanted, ...target.settings };
  const earlier = options.resume === undefined ? undefined : findEarlierRun(options.resume);
  const { inspection, notes } = await look(cluster, options).catch(async (error: unknown) => {
    throw await whatToSayOf(error, cluster, options);
  });
  for (const note of notes) process.stdout.write(`Note: ${note}\n`);
  const fingerprint = await fingerprintOf(inspection, options);
  const asked = askedFor(options);
  const resumed = earlier && resume(earlier, fingerprint, asked);
  const carried = new Set(resumedIds(resumed));
  const means = {
    ...inspection.means,
    browser: browser !== undefined,
    meshAuthority: await maySign(cluster, inspection, options),
  };
  const rest = asked.filter(({ id }) => !carried.has(id));
  const { selected, skipped } = select(rest, inspection.versions, means);
  if (selected.length === 0 && carried.size === 0) {
    const reasons = skipped.map(({ id, reason }) => `${id} ${reason}`).join('; ');
    throw new UnfitError(`Nothing that was asked for can be judged here (${reasons}), so nothing was done.`);
  }
  if (selected.length > 0 && !inspection.shopDeployed) await boutiqueObjects(options.boutique);
  const ids = selected.map(({ id }) => id);
  const { meshAuthority } = means;
  const run = { ...makeRun(named, options, target, inspection, fingerprint, ids, browser), meshAuthority };
  return { run, means, skipped, ...(resumed && { resumed }) };
}

async function look(
  cluster: Cluster,
  options: Options,
): Promise<{ inspection: Inspection; notes: string[] }> {
  await refuseIfHeld(cluster);
  const inspection = await inspect(cluster, await istioctlVersion(options.istioctl), options.revision);
  return { inspection, notes: await preflight(cluster, inspection, options) };
}

/** @throws UnfitError when it was made on another cluster, in another state, or by another suite. */
function resume(earlier: EarlierRun, now: Fingerprint, asked: readonly { id: string }[]): Resumed {
  const differences = differencesFrom(earlier.report, now);
  if (differences.length > 0) {
    throw new UnfitError(
      `Run ${earlier.report.run.id} cannot be resumed here: ${differences.join('; ')}. Leave --resume out to judge everything.`,
    );
  }
  return {
    ...earlier,
    carried: carryOver(
      earlier.report,
      asked.map(({ id }) => id),
    ),
  };
}

function resumedIds(resumed: Resumed | undefined): string[] {
  const { requirements = [], hazards = [] } = resumed?.carried ?? {};
  return [...requirements, ...hazards].map(({ id }) => id);
}

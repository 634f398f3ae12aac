import type { Cluster } from '../../fixtures/cluster/client.ts';
import { type AskedOptions, type Finding, sentenceOf } from './checks/check.ts';
import { checks } from './checks/index.ts';
import type { Inspection } from './inspect.ts';
import { UnfitError } from './unfit-error.ts';

export { UnfitError };

/**
 * Looks whether a run can be made on this cluster at all.
 *
 * @returns what whoever makes it should know, one sentence each.
 * @throws UnfitError with one sentence for each thing that keeps it from being made, saying what to do.
 */
export async function preflight(
  cluster: Cluster,
  inspection: Inspection,
  options: AskedOptions,
): Promise<string[]> {
  const looked = await Promise.all(checks.map(({ look }) => look(cluster, { inspection, options })));
  const told = (verdict: Finding['verdict']) =>
    looked.filter((finding) => finding.verdict === verdict).map(sentenceOf);
  const unfit = told('unfit');
  if (unfit.length > 0) throw new UnfitError(unfit.join('\n'));
  return told('note');
}

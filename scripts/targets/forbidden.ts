import type { Cluster } from '../../fixtures/cluster/client.ts';
import { ForbiddenError } from '../../fixtures/cluster/errors.ts';
import { type AskedOptions, type Finding, sentenceOf } from './checks/check.ts';
import { judgePermissions } from './checks/permissions.ts';
import { UnfitError } from './preflight.ts';

/**
 * What there is to say of an error that came while a cluster was looked at. Whoever may not read one thing may not do
 * others, and wants to hear of all of them at once; nothing but the permissions can be asked about then.
 *
 * @returns the error itself when it is none of that.
 */
export async function whatToSayOf(error: unknown, cluster: Cluster, options: AskedOptions): Promise<unknown> {
  const finding = await lackingBehind(error, cluster, options);
  return finding === undefined ? error : new UnfitError(sentenceOf(finding), { cause: error });
}

/** All that may not be done by whoever was refused something; undefined when an error is none of that. */
export async function lackingBehind(
  error: unknown,
  cluster: Cluster,
  { pullSecret, revision, meshCa }: AskedOptions,
): Promise<Finding | undefined> {
  if (!(error instanceof ForbiddenError)) return undefined;
  // What could not be read is taken for what asks for the least.
  const needs = { shopDeployed: true, pullSecret, revision, meshCa };
  const finding = await judgePermissions(cluster, needs, true).catch(() => undefined);
  return finding?.verdict === 'unfit' ? finding : undefined;
}

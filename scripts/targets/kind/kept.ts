import { isDeepStrictEqual } from 'node:util';
import { isAlive } from '../../../fixtures/guest/journal.ts';
import type { Lane } from '../../lanes/lane.ts';
import { UnfitError } from '../preflight.ts';
import { type Engine, nodesOf } from './docker.ts';
import { KindCluster } from './kind-cluster.ts';
import { allRecords, type KindRecord } from './record.ts';

/**
 * The cluster of a name that an earlier run has made and kept; undefined when there is none, and one may be made.
 *
 * @param records what this checkout's runs have made.
 * @throws UnfitError when there is one that cannot be used, with what to do.
 */
export async function keptCluster(
  name: string,
  engine: Engine,
  records: readonly KindRecord[] = allRecords(),
): Promise<KindRecord | undefined> {
  const here = engine.env ?? {};
  const ours = records.filter((record) => record.cluster === name && isDeepStrictEqual(record.engine, here));
  const busy = ours.find(({ state, pid }) => state === 'being made' && isAlive(pid));
  if (busy !== undefined) {
    throw new UnfitError(
      `Run ${busy.run} is making the cluster ${name} (process ${busy.pid}): wait for it, or leave --keep out for a cluster of your own.`,
    );
  }
  const isThere = (await nodesOf(name, engine)).length > 0;
  const ready = ours.filter(({ state }) => state === 'ready').at(-1);
  if (!isThere) {
    // Someone has deleted it by hand; what there still is of it goes too.
    for (const record of ours) await new KindCluster(record).delete();
    return undefined;
  }
  if (ready === undefined) {
    throw new UnfitError(
      ours.length > 0
        ? `The cluster ${name} was left half made by run ${ours[0]?.run}: \`npm run down\` deletes it.`
        : `There is a kind cluster ${name} that no run of this checkout has made: \`kind delete cluster --name ${name}\` deletes it.`,
    );
  }
  return ready;
}

/** @throws UnfitError when a kept cluster was made with other versions than its lane has now. */
export function refuseIfChanged({ cluster, lane: before }: KindRecord, now: Lane): void {
  if (isDeepStrictEqual(before, now)) return;
  throw new UnfitError(
    `The cluster ${cluster} was made when its lane had other versions: \`npm run down\` deletes it, so that it can be made anew.`,
  );
}

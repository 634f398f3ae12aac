import { expect } from '@playwright/test';
import type { Ref } from '../../fixtures/cluster/objects.ts';
import { refOf } from '../../fixtures/cluster/objects.ts';
import { Journal } from '../../fixtures/guest/journal.ts';
import { journalFile, type Run } from '../../fixtures/run.ts';
import { isHeld, Lease } from '../../scripts/lib/lease.ts';
import { putBack } from '../../scripts/lib/put-back.ts';
import { UnfitError } from '../../scripts/targets/preflight.ts';
import { type FakeCluster, refusal } from '../guest/fake-cluster.ts';
import { configMap, guestOf, shopCluster, test } from '../guest/fixture.ts';

const leaseRef: Ref = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'default',
  name: 'alp-conformance',
};
const made = refOf(configMap('made'));

/** A run that holds the lease and has made something. */
async function startedRun(
  folder: string,
): Promise<{ cluster: FakeCluster; run: Run; lease: Lease; journal: Journal }> {
  const cluster = shopCluster();
  const run = { id: 'run1', folder } as Run;
  const journal = new Journal(journalFile(run));
  const lease = await Lease.acquire(cluster.asCluster, run.id);
  await guestOf(cluster, journal).create(configMap('made'));
  return { cluster, run, lease, journal };
}

test('a cluster that was put back has no lease of the run, and the run is ended last', async ({}, info) => {
  const { cluster, run, lease, journal } = await startedRun(info.outputPath());
  let ended: boolean | undefined;
  cluster.onWrite = (write) => {
    if (write.startsWith('delete Lease')) ended = journal.restored;
  };
  expect(await putBack(cluster.asCluster, run, lease)).toEqual({ restored: true, notes: [] });
  expect(cluster.at(made)).toBeUndefined();
  expect(cluster.writes.at(-1)).toBe('delete Lease default/alp-conformance');
  expect(ended, 'ended before the lease was given up').toBe(false);
  expect(journal.restored).toBe(true);
});

test('what fails keeps the lease and the run, for another attempt', async ({}, info) => {
  const { cluster, run, lease, journal } = await startedRun(info.outputPath());
  cluster.onWrite = (write) => {
    if (write.startsWith('delete ConfigMap')) throw refusal(500, 'InternalError', 'no leader');
  };
  expect(await putBack(cluster.asCluster, run, lease)).toEqual({
    restored: false,
    notes: [expect.stringMatching(/^ConfigMap shop\/made could not be put back: no leader/)],
  });
  expect(cluster.at(leaseRef)?.metadata.deletionTimestamp).toBeUndefined();
  expect(journal.restored).toBe(false);

  cluster.onWrite = () => {};
  const again = await Lease.acquire(cluster.asCluster, run.id);
  expect(await putBack(cluster.asCluster, run, again)).toEqual({ restored: true, notes: [] });
});

test('what someone else has changed since is told, and ends the run all the same', async ({}, info) => {
  const { cluster, run, lease, journal } = await startedRun(info.outputPath());
  cluster.take(made);
  cluster.put(configMap('made'));
  const { restored, notes } = await putBack(cluster.asCluster, run, lease);
  expect({ restored, notes }).toEqual({
    restored: true,
    notes: [expect.stringContaining('made anew by someone else')],
  });
  expect(journal.restored).toBe(true);
});

test('only the run that holds the lease gets it again', async ({}, info) => {
  const { cluster, run } = await startedRun(info.outputPath());
  const other = Lease.acquire(cluster.asCluster, 'run2');
  await expect(other).rejects.toThrow(UnfitError);
  await expect(other).rejects.toThrow(/^Run run1 on .+ is using this cluster; wait for it to end\.$/);
  expect(await isHeld(cluster.asCluster, run.id)).toBe(true);
  expect(await isHeld(cluster.asCluster, 'run2')).toBe(false);
});

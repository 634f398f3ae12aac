import { copyFileSync, readFileSync, truncateSync } from 'node:fs';
import { expect } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { nameOf, refOf } from '../../fixtures/cluster/objects.ts';
import { Journal } from '../../fixtures/guest/journal.ts';
import { FakeCluster, type Kill, Killed } from './fake-cluster.ts';
import { configMap, deployment, guestOf, namespace, object, policy, test, undone } from './fixture.ts';

// The promise to people who lend their cluster: wherever a run is killed, undoing gives back what was there.

const injector = configMap('injector', { config: 'templates: {}' });
const felix = object('projectcalico.org/v3', 'FelixConfiguration', 'default');
const shop = namespace('shop', { team: 'blue' });
const initially: readonly KubeObject[] = [shop, injector, felix, deployment('frontend'), configMap('theirs')];

const istio = [
  namespace('istio-system'),
  object('apps/v1', 'Deployment', 'istiod', { metadata: { namespace: 'istio-system' } }),
];

/** What a run does to a cluster, as the runbook and the specs do it: every kind of change, several of some. */
async function runOn(cluster: FakeCluster, journal: Journal): Promise<void> {
  const step = (group: string) => guestOf(cluster, journal, group);
  const restart = (at: string) => ({
    spec: { template: { metadata: { annotations: { restartedAt: at } } } },
  });

  await step('demo').create(deployment('cart'));
  await step('demo').createMissing([configMap('theirs', { a: 'ours' }), configMap('ours')]);
  step('istio').announceInstall(true);
  for (const part of istio) await cluster.apply(part);
  await step('policy sync').patch(refOf(felix), { spec: { policySyncPathPrefix: '/var/run/nodeagent' } });
  await step('injector').patch(refOf(injector), { data: { config: 'templates: { dikastes: x }' } });
  await step('injection').patch(refOf(shop), { metadata: { labels: { 'istio-injection': 'enabled' } } });
  await step('injection').patch(refOf(deployment('frontend')), restart('1'));
  await step('sandbox').create(namespace('alp-1'));
  await step('sandbox').create(object('v1', 'Service', 'echo', { metadata: { namespace: 'alp-1' } }));
  await step('policies').create(policy('deny'));
  await step('policies').remove(refOf(policy('deny')));
  await cluster.openWatch({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy' });
  await step('policies').create(policy('deny'));
  await step('again').patch(refOf(deployment('frontend')), restart('2'));
}

/** Takes Istio out again, whatever of it there is. */
function uninstallFrom(cluster: FakeCluster): () => Promise<void> {
  return async () => {
    for (const part of [...istio].reverse()) {
      await cluster.delete(refOf(part));
      await cluster.openWatch(refOf(part));
    }
  };
}

function undoOn(cluster: FakeCluster, journal: Journal) {
  return undone(cluster, journal, uninstallFrom(cluster));
}

const whole = new FakeCluster(initially);
const complete = { left: [], failed: [] };

async function writesOfAWholeRun(journal: Journal): Promise<number> {
  const cluster = whole.forNextProcess();
  await runOn(cluster, journal);
  return cluster.writes.length;
}

test('a run that ended is undone', async ({ journal }) => {
  const cluster = whole.forNextProcess();
  await runOn(cluster, journal);
  expect(cluster.state).not.toEqual(whole.state);
  expect(await undoOn(cluster, journal)).toMatchObject(complete);
  expect(cluster.state).toEqual(whole.state);

  const next = cluster.forNextProcess();
  const { writes, ...again } = await undoOn(next, journal);
  expect(again, 'undoing it once more').toEqual(complete);
  const notByTheInstaller = writes.filter((write) => !write.includes('istio-system'));
  expect(notByTheInstaller).toEqual([]);
  expect(next.state).toEqual(whole.state);
});

for (const [when, cut] of [
  ['before', false],
  ['before', true],
  ['after', false],
] as const) {
  const place = cut ? 'while it announced' : `right ${when} it made`;
  test(`a run that was killed ${place} any one of its changes is undone`, async ({ journal }, info) => {
    const writes = await writesOfAWholeRun(journal);
    let undoings = 0;
    for (let write = 1; write <= writes; write++) {
      const own = new Journal(info.outputPath(`killed-${write}.ndjson`));
      const cluster = whole.forNextProcess().killAt({ write, when });
      await expect(runOn(cluster, own)).rejects.toThrow(Killed);
      if (cut && !cutAnnouncement(own, cluster.writes.at(-1))) continue;

      const next = cluster.forNextProcess();
      expect(await undoOn(next, own), `killed at write ${write}`).toMatchObject(complete);
      expect(next.state, `killed at write ${write}`).toEqual(whole.state);
      undoings++;
    }
    expect(undoings).toBeGreaterThan(cut ? 7 : 12);
  });
}

for (const when of ['before', 'after'] as const) {
  test(`an undoing that was killed right ${when} any one of its changes is ended by another`, async ({
    journal,
  }, info) => {
    const changed = whole.forNextProcess();
    await runOn(changed, journal);
    const measured = changed.forNextProcess();
    await undoOn(measured, copyOf(journal, info.outputPath('measured.ndjson')));
    expect(measured.writes.length).toBeGreaterThan(8);

    for (let write = 1; write <= measured.writes.length; write++) {
      const own = copyOf(journal, info.outputPath(`undo-${write}.ndjson`));
      const killed = changed.forNextProcess().killAt({ write, when } satisfies Kill);
      const { failed } = await undoOn(killed, own);
      expect(failed, 'what it could not do when it was dead').not.toEqual([]);

      const next = killed.forNextProcess();
      expect(await undoOn(next, own), `killed at write ${write}`).toMatchObject(complete);
      expect(next.state, `killed at write ${write}`).toEqual(whole.state);
    }
  });
}

function copyOf(journal: Journal, file: string): Journal {
  copyFileSync(journal.file, file);
  return new Journal(file);
}

/**
 * Leaves half of the last line, as a process does that dies while it writes it.
 *
 * @returns false when that line does not announce this write.
 */
function cutAnnouncement(journal: Journal, write = ''): boolean {
  const last = journal.read().at(-1);
  if (last?.op !== 'create' && last?.op !== 'patch') return false;
  if (!write.endsWith(nameOf(last.ref))) return false;
  const text = readFileSync(journal.file, 'utf8').trimEnd();
  const start = text.lastIndexOf('\n') + 1;
  truncateSync(journal.file, Buffer.byteLength(text.slice(0, start)) + Math.ceil((text.length - start) / 2));
  expect(journal.read().at(-1)).not.toEqual(last);
  return true;
}

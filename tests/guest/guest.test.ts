import { expect } from '@playwright/test';
import { refOf } from '../../fixtures/cluster/objects.ts';
import { runLabel } from '../../fixtures/guest/guest.ts';
import { configMap, guestOf, run, shopCluster, test } from './fixture.ts';

test('what a guest creates is marked with the run, beside its own labels', async ({ journal }) => {
  const cluster = shopCluster();
  const labelled = {
    ...configMap('new'),
    metadata: { name: 'new', namespace: 'shop', labels: { app: 'x' } },
  };
  const created = await guestOf(cluster, journal).create(labelled);
  expect(created.metadata.labels).toEqual({
    app: 'x',
    'app.kubernetes.io/managed-by': 'alp-conformance',
    [runLabel]: run,
  });
  expect(journal.read().at(-1)).toMatchObject({ op: 'created', uid: created.metadata.uid });
});

test('what this run made already is brought to the wanted state, without a word in the journal', async ({
  journal,
}) => {
  const cluster = shopCluster();
  await guestOf(cluster, journal).create(configMap('new'));
  const entries = journal.read();
  await guestOf(cluster, journal, 'another step').create(configMap('new', { a: '2' }));
  expect(cluster.at(refOf(configMap('new')))).toMatchObject({ data: { a: '2' } });
  expect(journal.read()).toEqual(entries);
});

for (const [whose, labels] of [
  ['someone else made', undefined],
  ['another run made', { [runLabel]: 'run2' }],
] as const) {
  test(`what ${whose} is not created again, nor touched`, async ({ journal }) => {
    const there = configMap('there');
    const cluster = shopCluster({ ...there, metadata: { ...there.metadata, ...(labels && { labels }) } });
    const guest = guestOf(cluster, journal);
    await expect(guest.create(configMap('there', { a: '2' }))).rejects.toThrow(
      'ConfigMap shop/there exists already and was not made by this run; rename or remove it, then run again.',
    );
    await guest.remove(refOf(there));
    expect(cluster.writes).toEqual([]);
    expect(journal.read()).toEqual([]);
  });
}

test('of several objects only those that are missing are made', async ({ journal }) => {
  const cluster = shopCluster(configMap('there'));
  await guestOf(cluster, journal).createMissing([configMap('there', { a: '2' }), configMap('new')]);
  expect(cluster.writes).toEqual(['apply ConfigMap shop/new']);
});

test('a patch whose values are there already is neither journaled nor sent', async ({ journal }) => {
  const there = configMap('there', { a: '1', b: '2' });
  const cluster = shopCluster(there);
  expect(await guestOf(cluster, journal).patch(refOf(there), { data: { a: '1' } })).toMatchObject({
    data: { a: '1', b: '2' },
  });
  expect(cluster.writes).toEqual([]);
  expect(journal.read()).toEqual([]);
});

test('a patch of what is not there is refused, and not journaled', async ({ journal }) => {
  const cluster = shopCluster();
  await expect(guestOf(cluster, journal).patch(refOf(configMap('none')), { data: {} })).rejects.toThrow(
    'not found',
  );
  expect(journal.read()).toEqual([]);
});

test('what this run made can be removed, once', async ({ journal }) => {
  const cluster = shopCluster();
  const guest = guestOf(cluster, journal);
  await guest.create(configMap('new'));
  await guest.remove(refOf(configMap('new')));
  cluster.take(refOf(configMap('new')));
  await guest.remove(refOf(configMap('new')));
  expect(cluster.writes).toEqual(['apply ConfigMap shop/new', 'delete ConfigMap shop/new']);
});

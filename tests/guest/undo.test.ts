import { expect } from '@playwright/test';
import { refOf } from '../../fixtures/cluster/objects.ts';
import { runLabel } from '../../fixtures/guest/guest.ts';
import { FakeCluster, refusal } from './fake-cluster.ts';
import {
  configMap,
  deployment,
  guestOf,
  namespace,
  object,
  policy,
  run,
  shopCluster,
  test,
  undone,
} from './fixture.ts';

const there = configMap('there', { a: '1', b: '2' });
const made = configMap('made');
const complete = { left: [], failed: [] };

test('an empty journal leaves nothing to undo', async ({ journal }) => {
  const cluster = shopCluster();
  expect(await undone(cluster, journal)).toEqual({ ...complete, writes: [] });
});

test('what was created is removed, and what was patched is put back', async ({ journal }) => {
  const cluster = shopCluster(there);
  const initial = cluster.state;
  const guest = guestOf(cluster, journal);
  await guest.create(made);
  await guest.patch(refOf(there), { data: { a: '9', c: 'new' }, metadata: { labels: { x: 'y' } } });
  expect(await undone(cluster, journal)).toEqual({
    ...complete,
    writes: ['delete ConfigMap shop/made', 'patch ConfigMap shop/there'],
  });
  expect(cluster.state).toEqual(initial);
});

test('groups are undone last first, and the changes of each in the order they were made', async ({
  journal,
}) => {
  const cluster = shopCluster(there);
  const [first, second] = [guestOf(cluster, journal, 'first'), guestOf(cluster, journal, 'second')];
  await first.create(policy('a'));
  await second.create(policy('b'));
  await first.create(policy('c'));
  await second.patch(refOf(there), { data: { a: '9' } });
  await second.create(policy('d'));
  const { writes } = await undone(cluster, journal);
  expect(writes).toEqual([
    'delete GlobalNetworkPolicy b',
    'patch ConfigMap shop/there',
    'delete GlobalNetworkPolicy d',
    'delete GlobalNetworkPolicy a',
    'delete GlobalNetworkPolicy c',
  ]);
});

test('a group is gone before the one before it is undone', async ({ journal }) => {
  const cluster = shopCluster();
  await guestOf(cluster, journal, 'first').create(made);
  await guestOf(cluster, journal, 'second').create(policy('a'));
  cluster.onWrite = (write) => {
    if (write === 'delete ConfigMap shop/made') expect(cluster.at(refOf(policy('a')))).toBeUndefined();
  };
  expect(await undone(cluster, journal)).toMatchObject(complete);
});

test('what was created but never recorded as such is known by its label', async ({ journal }) => {
  const cluster = shopCluster();
  journal.write({ op: 'create', group: 'a', ref: refOf(made) });
  cluster.put({ ...made, metadata: { ...made.metadata, labels: { [runLabel]: run } } });
  expect(await undone(cluster, journal)).toMatchObject(complete);
  expect(cluster.at(refOf(made))).toBeUndefined();
});

test('what lost its label is known by its uid', async ({ journal }) => {
  const cluster = shopCluster();
  const { metadata } = await guestOf(cluster, journal).create(made);
  cluster.put({ ...made, metadata: { ...made.metadata, uid: metadata.uid as string } });
  expect(await undone(cluster, journal)).toMatchObject(complete);
  expect(cluster.at(refOf(made))).toBeUndefined();
});

test('what someone else made anew under the same name is left, with a note, and nothing remains to do', async ({
  journal,
}) => {
  const cluster = shopCluster();
  await guestOf(cluster, journal).create(made);
  cluster.take(refOf(made));
  cluster.put(made);
  expect((await undone(cluster, journal)).left).toEqual([
    'ConfigMap shop/made was made anew by someone else, so it was left.',
  ]);
  expect(cluster.at(refOf(made))).toBeDefined();
});

test('what was announced but made by someone else first is left, with a note', async ({ journal }) => {
  const cluster = shopCluster();
  journal.write({ op: 'create', group: 'a', ref: refOf(made) });
  cluster.put(made);
  expect((await undone(cluster, journal)).left).toHaveLength(1);
  expect(cluster.at(refOf(made))).toBeDefined();
});

test('what was removed or patched away meanwhile, and kinds that are gone, need nothing', async ({
  journal,
}) => {
  const cluster = shopCluster(there);
  const guest = guestOf(cluster, journal);
  await guest.create(made);
  await guest.create(policy('a'));
  await guest.patch(refOf(there), { data: { a: '9' } });
  cluster.take(refOf(made));
  cluster.take(refOf(there));
  cluster.take(refOf(policy('a')));
  cluster.missing.add('GlobalNetworkPolicy');
  expect(await undone(cluster, journal)).toEqual({ ...complete, writes: [] });
});

test('what this run created, removed and created again is removed once', async ({ journal }) => {
  const cluster = shopCluster();
  const guest = guestOf(cluster, journal);
  await guest.create(policy('a'));
  await guest.remove(refOf(policy('a')));
  cluster.take(refOf(policy('a')));
  await guest.create(policy('a'));
  expect(await undone(cluster, journal)).toEqual({ ...complete, writes: ['delete GlobalNetworkPolicy a'] });
});

test('a patch is put back leaf by leaf: what others changed since stays, and is noted', async ({
  journal,
}) => {
  const cluster = shopCluster(there);
  await guestOf(cluster, journal).patch(refOf(there), { data: { a: '9', b: '9' } });
  await cluster.patch(refOf(there), { data: { b: 'theirs', c: 'theirs too' } });
  expect((await undone(cluster, journal)).left).toEqual([
    'ConfigMap shop/there: data.b was changed by someone else since, so it was left.',
  ]);
  expect(cluster.at(refOf(there))).toMatchObject({ data: { a: '1', b: 'theirs', c: 'theirs too' } });
});

test('a patch that was announced but never applied is not sent', async ({ journal }) => {
  const cluster = shopCluster(there);
  const before = cluster.at(refOf(there));
  journal.write({ op: 'patch', group: 'a', ref: refOf(there), before: before!, patch: { data: { a: '9' } } });
  expect(await undone(cluster, journal)).toEqual({ ...complete, writes: [] });
});

test('patches of one object, also by several groups, are put back as one', async ({ journal }) => {
  const cluster = shopCluster(there);
  const initial = cluster.state;
  await guestOf(cluster, journal, 'first').patch(refOf(there), { data: { a: '8' } });
  await guestOf(cluster, journal, 'second').patch(refOf(there), { data: { a: '9', c: '9' } });
  await guestOf(cluster, journal, 'first').patch(refOf(there), { data: { b: null } });
  expect(await undone(cluster, journal)).toEqual({ ...complete, writes: ['patch ConfigMap shop/there'] });
  expect(cluster.state).toEqual(initial);
});

test('of several patches of one object any may have been refused', async ({ journal }) => {
  const cluster = shopCluster(there);
  const initial = cluster.state;
  const guest = guestOf(cluster, journal);
  await guest.patch(refOf(there), { data: { a: '8' } });
  cluster.onWrite = () => {
    throw refusal(500, 'InternalError', 'the webhook is down');
  };
  await expect(guest.patch(refOf(there), { data: { a: '9' } })).rejects.toThrow('the webhook is down');
  cluster.onWrite = () => {};
  expect(await undone(cluster, journal)).toMatchObject(complete);
  expect(cluster.state).toEqual(initial);
});

test('an object that someone else made anew is not patched back', async ({ journal }) => {
  const cluster = shopCluster(there);
  await guestOf(cluster, journal).patch(refOf(there), { data: { a: '9' } });
  cluster.take(refOf(there));
  cluster.put({ ...there, data: { a: '9' } });
  expect((await undone(cluster, journal)).left).toEqual([
    'ConfigMap shop/there was made anew by someone else, so it was left.',
  ]);
  expect(cluster.at(refOf(there))).toMatchObject({ data: { a: '9' } });
});

test('the rollout of a Deployment that was put back is waited for', async ({ journal }) => {
  const cluster = shopCluster(deployment('frontend'));
  const ref = refOf(deployment('frontend'));
  await guestOf(cluster, journal).patch(ref, {
    spec: { template: { metadata: { annotations: { a: '1' } } } },
  });
  let awaited = false;
  const listing = cluster.listing.bind(cluster);
  cluster.listing = async (selection) => {
    awaited ||= selection.kind === 'Deployment' && selection.name === 'frontend';
    return listing(selection);
  };
  expect((await undone(cluster, journal)).writes).toEqual(['patch Deployment shop/frontend']);
  expect(awaited).toBe(true);
});

test('what cannot be put back is noted, the rest is, and another attempt does what is left', async ({
  journal,
}) => {
  const cluster = shopCluster(there);
  const initial = cluster.state;
  await guestOf(cluster, journal, 'first').create(made);
  await guestOf(cluster, journal, 'second').patch(refOf(there), { data: { a: '9' } });
  await guestOf(cluster, journal, 'third').create(policy('a'));
  cluster.onWrite = (write) => {
    if (write.startsWith('patch')) throw refusal(500, 'InternalError', 'the webhook is down');
  };
  const { left, failed, writes } = await undone(cluster, journal);
  expect(left).toEqual([]);
  expect(failed).toEqual([
    expect.stringMatching(/^ConfigMap shop\/there could not be put back: the webhook is down/),
  ]);
  expect(writes, 'one of them in vain').toEqual([
    'delete GlobalNetworkPolicy a',
    'patch ConfigMap shop/there',
    'delete ConfigMap shop/made',
  ]);
  cluster.onWrite = () => {};
  expect(await undone(cluster, journal)).toEqual({ ...complete, writes: ['patch ConfigMap shop/there'] });
  expect(cluster.state).toEqual(initial);
});

test('a namespace takes along what was made in it', async ({ journal }) => {
  const cluster = new FakeCluster();
  const guest = guestOf(cluster, journal);
  await guest.create(namespace('shop'));
  await guest.create(made);
  expect(await undone(cluster, journal)).toMatchObject(complete);
  expect(cluster.state).toEqual([]);
});

test('an installer is taken back in its place', async ({ journal }) => {
  const cluster = shopCluster();
  guestOf(cluster, journal, 'first').announceInstall(true);
  const entry = object('security.istio.io/v1', 'PeerAuthentication', 'strict', {
    metadata: { namespace: 'shop' },
  });
  await guestOf(cluster, journal, 'second').create(entry);
  const seen: unknown[] = [];
  const { failed } = await undone(cluster, journal, async () => {
    seen.push(cluster.at(refOf(entry)));
  });
  expect(failed).toEqual([]);
  expect(seen, 'uninstalled once, when nothing of what came later was left').toEqual([undefined]);
});

test('an installer that cannot be taken back is noted', async ({ journal }) => {
  guestOf(shopCluster(), journal).announceInstall(false);
  const { failed } = await undone(shopCluster(), journal, async () => {
    throw new Error('istioctl failed');
  });
  expect(failed).toEqual(['istioctl could not be put back: istioctl failed']);
});

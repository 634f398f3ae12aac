import {
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
  Watch,
} from '@kubernetes/client-node';
import { expect } from '@playwright/test';
import { waitFor } from '../../../fixtures/cluster/wait.ts';
import { watchObjects } from '../../../fixtures/cluster/watch.ts';
import { keyOf } from '../../../reference/store/resource-type.ts';
import { ample, configMap, type Mesh, remembered, test } from './fixture.ts';
import { type Followed, follow } from './follow.ts';
import { raw } from './raw.ts';

const path = '/api/v1/namespaces/shop/configmaps';

const seen = ({ type, object }: Followed) => `${type} ${object.metadata.name}`;

function label(store: Mesh['store'], name: string, value: string): void {
  store.change('ConfigMap', name, 'shop', (draft) => {
    draft.metadata.labels = { app: value };
  });
}

test('changes after a revision come at once, in their order', async ({ mesh: { store, server } }) => {
  store.create(configMap('before'));
  const start = store.revision;
  store.create(configMap('a'));
  const watch = await follow(server, `${path}?watch=true&resourceVersion=${start}`);
  expect(seen(await watch.next())).toBe('ADDED a');
  label(store, 'a', 'x');
  expect(seen(await watch.next())).toBe('MODIFIED a');
  store.remove('ConfigMap', 'a', 'shop');
  const last = await watch.next();
  expect(seen(last)).toBe('DELETED a');
  expect(last.object.metadata.resourceVersion).toBe(String(store.revision));
  watch.drop();
});

test('other namespaces and kinds are not seen', async ({ mesh: { store, server } }) => {
  const watch = await follow(server, `${path}?watch=true&resourceVersion=${store.revision}`);
  store.create(configMap('x', { metadata: { name: 'x', namespace: 'other' } }));
  store.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', namespace: 'shop' } });
  store.create(configMap('mine'));
  expect(seen(await watch.next())).toBe('ADDED mine');
  watch.drop();
});

test('without a revision the present comes first', async ({ mesh: { store, server } }) => {
  store.create(configMap('b'));
  store.create(configMap('a'));
  const watch = await follow(server, `${path}?watch=true`);
  expect([seen(await watch.next()), seen(await watch.next())]).toEqual(['ADDED a', 'ADDED b']);
  watch.drop();
});

test('an object that starts or stops matching is added or deleted', async ({ mesh: { store, server } }) => {
  store.create(configMap('a'));
  const watch = await follow(
    server,
    `${path}?watch=true&labelSelector=app%3Dweb&resourceVersion=${store.revision}`,
  );
  label(store, 'a', 'web');
  expect(seen(await watch.next())).toBe('ADDED a');
  label(store, 'a', 'api');
  const gone = await watch.next();
  expect(seen(gone)).toBe('DELETED a');
  expect(gone.object.metadata.labels).toEqual({ app: 'web' });
  expect(gone.object.metadata.resourceVersion).toBe(String(store.revision));
  store.remove('ConfigMap', 'a', 'shop');
  store.create(configMap('b', { metadata: { name: 'b', labels: { app: 'web' } } }));
  expect(seen(await watch.next())).toBe('ADDED b');
  watch.drop();
});

test('initial events end with a bookmark that says so', async ({ mesh: { store, server } }) => {
  store.create(configMap('a'));
  const query =
    'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const watch = await follow(server, `${path}?${query}`);
  expect(seen(await watch.next())).toBe('ADDED a');
  expect(await watch.next()).toEqual({
    type: 'BOOKMARK',
    object: {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: {
        resourceVersion: String(store.revision),
        creationTimestamp: null,
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    },
  });
  watch.drop();
});

for (const query of ['sendInitialEvents=true', 'resourceVersionMatch=NotOlderThan']) {
  test(`${query} alone is refused`, async ({ mesh: { server } }) => {
    expect((await raw(server, `${path}?watch=true&${query}`)).status).toBe(422);
  });
}

test('bookmarks carry the revision on while nothing happens', async ({ mesh: { store, server } }) => {
  const watch = await follow(
    server,
    `${path}?watch=true&allowWatchBookmarks=true&resourceVersion=${store.revision}`,
  );
  store.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', namespace: 'shop' } });
  const { type, object } = await watch.next();
  expect([type, object.metadata.resourceVersion]).toEqual(['BOOKMARK', String(store.revision)]);
  watch.drop();
});

test('a forgotten revision is an ERROR event of status 410', async ({ mesh: { store, server } }) => {
  for (let index = 0; index <= remembered; index++) store.create(configMap(`a-${index}`));
  const { status, text } = await raw(server, `${path}?watch=true&resourceVersion=1`);
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    type: 'ERROR',
    object: { kind: 'Status', code: 410, reason: 'Expired' },
  });
});

test('a watch ends after its time, with a last bookmark where they are allowed', async ({
  mesh: { store, server },
}) => {
  const base = `${path}?watch=true&timeoutSeconds=1&resourceVersion=${store.revision}`;
  const [plain, marked] = await Promise.all([
    raw(server, base),
    raw(server, `${base}&allowWatchBookmarks=true`),
  ]);
  expect(plain).toMatchObject({ status: 200, text: '' });
  expect(marked.text).toContain('"BOOKMARK"');
});

test('a client that is gone costs nothing', async ({ mesh: { store, server } }) => {
  const subscribe = store.subscribe.bind(store);
  const open = { count: 0 };
  const closed = Promise.withResolvers<void>();
  store.subscribe = (key, listener) => {
    open.count++;
    const end = subscribe(key, listener);
    return () => {
      open.count--;
      closed.resolve();
      end();
    };
  };
  const watch = await follow(server, `${path}?watch=true&allowWatchBookmarks=true`);
  await watch.next();
  expect(open.count).toBe(1);
  watch.drop();
  await closed.promise;
  expect(open.count).toBe(0);
});

test("the suite's watch follows, over the end of a watch and a forgotten revision", async ({
  mesh: { store, cluster },
}) => {
  const stop = new AbortController();
  const selection = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop' };
  const sets = watchObjects(cluster, selection, stop.signal, { watchSeconds: 1 });
  const names = async () => (await sets.next()).value.map(({ metadata }) => metadata.name);
  expect(await names()).toEqual([]);
  store.create(configMap('a'));
  expect(await names()).toEqual(['a']);
  const next = names();
  await cluster.listing(selection);
  for (let index = 0; index <= remembered; index++) {
    store.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: `s-${index}`, namespace: 'shop' } });
  }
  store.remove('ConfigMap', 'a', 'shop');
  expect(await next).toEqual([]);
  stop.abort(new Error('enough'));
});

test("the suite's wait sees a condition come", async ({ mesh: { store, cluster } }) => {
  const waiting = waitFor(
    cluster,
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a' },
    ([object]) => object?.metadata.labels?.app === 'web',
    { timeoutMs: ample, what: 'the label' },
  );
  store.create(configMap('a'));
  label(store, 'a', 'web');
  expect(await waiting).toBe(true);
});

test('a watch of client-node gets the same events', async ({ mesh: { store, config } }) => {
  const events: string[] = [];
  const complete = Promise.withResolvers<void>();
  const controller = await new Watch(config).watch(
    path,
    { resourceVersion: String(store.revision) },
    (type: string, object: KubernetesObject) => {
      events.push(`${type} ${object.metadata?.name}`);
      if (events.length === 2) complete.resolve();
    },
    () => {},
  );
  store.create(configMap('a'));
  store.remove(keyOf({ group: '', kind: 'ConfigMap' }), 'a', 'shop');
  await complete.promise;
  expect(events).toEqual(['ADDED a', 'DELETED a']);
  controller.abort();
});

test('an informer of client-node keeps up', async ({ mesh: { store, config, cluster } }) => {
  store.create(configMap('a'));
  const list = async (): Promise<KubernetesListObject<KubernetesObject>> => {
    const { items, resourceVersion } = await cluster.listing({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'shop',
    });
    return {
      apiVersion: 'v1',
      kind: 'ConfigMapList',
      items: items as object[],
      metadata: { resourceVersion },
    };
  };
  const informer = makeInformer(config, path, list);
  const deleted = Promise.withResolvers<void>();
  const updated = Promise.withResolvers<void>();
  informer.on('update', () => updated.resolve());
  informer.on('delete', () => deleted.resolve());
  await informer.start();
  expect(informer.get('a', 'shop')?.metadata?.name).toBe('a');
  label(store, 'a', 'web');
  await updated.promise;
  expect(informer.get('a', 'shop')?.metadata?.labels).toEqual({ app: 'web' });
  store.remove('ConfigMap', 'a', 'shop');
  await deleted.promise;
  expect(informer.list('shop')).toEqual([]);
  await informer.stop();
});

import { CoreV1Api, makeInformer, PatchStrategy, Watch } from '@kubernetes/client-node';
import { expect } from '@playwright/test';
import { makeApiCertificates } from '../../../reference/api/certificates.ts';
import { writeKubeconfig } from '../../../reference/api/kubeconfig.ts';
import { type ApiServer, startApiServer } from '../../../reference/api/server.ts';
import { context } from '../fixture.ts';
import { configMap } from '../objects.ts';
import { as, loaded, test } from './fixture.ts';

test('a watch tells what happens after a list', async ({ config, core, namespace }) => {
  const { metadata } = await core.listNamespacedConfigMap({ namespace });
  const events: string[] = [];
  const all = Promise.withResolvers<void>();
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const watch = await new Watch(config).watch(
    path,
    { resourceVersion: metadata?.resourceVersion, labelSelector: 'app=web' },
    (type: string, object: { metadata: { name: string } }) => {
      events.push(`${type} ${object.metadata.name}`);
      if (type === 'DELETED') all.resolve();
    },
    () => all.resolve(),
  );
  const body = { ...configMap('mine', {}), metadata: { name: 'mine', labels: { app: 'web' } } };
  await core.createNamespacedConfigMap({ namespace, body: configMap('other', {}) });
  await core.createNamespacedConfigMap({ namespace, body });
  await core.patchNamespacedConfigMap(
    { namespace, name: 'mine', body: { data: { one: '1' } } },
    as(PatchStrategy.MergePatch),
  );
  await core.deleteNamespacedConfigMap({ namespace, name: 'mine' });
  await all.promise;
  watch.abort();
  expect(events).toEqual(['ADDED mine', 'MODIFIED mine', 'DELETED mine']);
});

test('an informer goes on where its connection was lost', async ({ mesh, namespace }, info) => {
  // On a server of its own, so that nobody else loses theirs.
  const options = {
    store: mesh.store,
    operations: mesh.operations,
    pods: mesh.pods,
    version: 'v1.34.4',
    certificates: await makeApiCertificates(),
  };
  const server = await startApiServer(options);
  const file = info.outputPath('own-kubeconfig');
  writeKubeconfig(file, server, context);
  const config = loaded(file);
  const core = config.makeApiClient(CoreV1Api);
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const informer = makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace }));
  const told: string[] = [];
  for (const verb of ['add', 'update', 'delete'] as const) {
    informer.on(verb, ({ metadata }) => told.push(`${verb} ${metadata?.name}`));
  }
  const restarted = Promise.withResolvers<ApiServer>();
  informer.on('error', () => void restarted.promise.then(() => informer.start()));
  const create = (name: string) =>
    mesh.operations.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } });

  create('listed');
  await informer.start();
  create('watched');
  await expect.poll(() => told).toEqual(['add listed', 'add watched']);
  await server.close();
  create('unseen');
  mesh.operations.delete(mesh.store.typeOf('v1', 'ConfigMap')!, 'listed', namespace);
  const port = Number(new URL(server.url).port);
  const successor = await startApiServer({ ...options, port });
  restarted.resolve(successor);
  await expect.poll(() => told.slice(2)).toEqual(['add unseen', 'delete listed']);
  expect(
    informer
      .list(namespace)
      .map(({ metadata }) => metadata?.name)
      .sort(),
  ).toEqual(['unseen', 'watched']);
  await informer.stop();
  await successor.close();
});

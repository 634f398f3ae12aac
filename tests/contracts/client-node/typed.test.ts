import { AppsV1Api, PatchStrategy } from '@kubernetes/client-node';
import { expect } from '@playwright/test';
import { configMap, idleDeployment } from '../objects.ts';
import { as, refusal, test } from './fixture.ts';

test('objects of the core group are created, read, listed and deleted', async ({ core, namespace }) => {
  const named = { namespace, name: 'settings' };
  const created = await core.createNamespacedConfigMap({
    namespace,
    body: configMap('settings', { one: '1' }),
  });
  expect(created.metadata).toMatchObject({ ...named, uid: expect.any(String) });
  expect(created.metadata?.creationTimestamp).toBeInstanceOf(Date);
  expect(await core.readNamespacedConfigMap(named)).toEqual(created);
  await core.createNamespacedConfigMap({ namespace, body: configMap('others', {}) });
  const { items, metadata } = await core.listNamespacedConfigMap({ namespace, limit: 1 });
  expect(items.map((item) => item.metadata?.name)).toEqual(['others']);
  const rest = await core.listNamespacedConfigMap({
    namespace,
    limit: 1,
    _continue: metadata?._continue ?? '',
  });
  expect(rest.items.map((item) => item.metadata?.name)).toEqual(['settings']);
  expect(
    await refusal(core.createNamespacedConfigMap({ namespace, body: configMap('settings', {}) })),
  ).toEqual({
    code: 409,
    reason: 'AlreadyExists',
    message: 'configmaps "settings" already exists',
  });
  expect(await core.deleteNamespacedConfigMap(named)).toMatchObject({ status: 'Success' });
  expect(await refusal(core.readNamespacedConfigMap(named))).toMatchObject({ code: 404, reason: 'NotFound' });
});

const patches = [
  [PatchStrategy.MergePatch, { data: { one: null, two: '2' } }],
  [PatchStrategy.StrategicMergePatch, { data: { one: null, two: '2' } }],
  [
    PatchStrategy.JsonPatch,
    [
      { op: 'remove', path: '/data/one' },
      { op: 'add', path: '/data/two', value: '2' },
    ],
  ],
] as const;
for (const [strategy, body] of patches) {
  test(`an object is patched by ${strategy}`, async ({ core, namespace }) => {
    await core.createNamespacedConfigMap({ namespace, body: configMap('settings', { one: '1' }) });
    const patched = await core.patchNamespacedConfigMap({ namespace, name: 'settings', body }, as(strategy));
    expect(patched.data).toEqual({ two: '2' });
  });
}

test('a replacement of what has changed since is refused', async ({ core, namespace }) => {
  const named = { namespace, name: 'settings' };
  const read = await core.createNamespacedConfigMap({ namespace, body: configMap('settings', { one: '1' }) });
  const replaced = await core.replaceNamespacedConfigMap({ ...named, body: { ...read, data: { one: '2' } } });
  expect(replaced.data).toEqual({ one: '2' });
  expect(await refusal(core.replaceNamespacedConfigMap({ ...named, body: read }))).toMatchObject({
    code: 409,
    reason: 'Conflict',
  });
});

test('a workload is scaled', async ({ config, namespace }) => {
  const apps = config.makeApiClient(AppsV1Api);
  const named = { namespace, name: 'web' };
  await apps.createNamespacedDeployment({ namespace, body: idleDeployment('web') });
  const scale = await apps.readNamespacedDeploymentScale(named);
  await apps.replaceNamespacedDeploymentScale({ ...named, body: { ...scale, spec: { replicas: 2 } } });
  await expect
    .poll(async () => (await apps.readNamespacedDeployment(named)).status)
    .toMatchObject({ replicas: 2, readyReplicas: 2, observedGeneration: 2 });
  await apps.deleteNamespacedDeployment({ ...named, propagationPolicy: 'Foreground' });
  await expect.poll(async () => (await apps.listNamespacedReplicaSet({ namespace })).items).toEqual([]);
});

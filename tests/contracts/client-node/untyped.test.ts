import { CustomObjectsApi, KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { expect } from '@playwright/test';
import { globalNetworkPolicy } from '../../../fixtures/policies/calico-policy.ts';
import { allow } from '../../../fixtures/policies/rules.ts';
import { configMap } from '../objects.ts';
import { as, refusal, test } from './fixture.ts';

test('policies of Calico are custom objects', async ({ config, namespace: name }) => {
  const custom = config.makeApiClient(CustomObjectsApi);
  const policies = { group: 'projectcalico.org', version: 'v3', plural: 'globalnetworkpolicies' };
  const body = globalNetworkPolicy(name, {
    selector: `app == '${name}'`,
    ingress: [allow({ methods: ['GET'], paths: [{ exact: '/' }] })],
  });
  expect(await custom.createClusterCustomObject({ ...policies, body })).toMatchObject({
    spec: body.spec as object,
  });
  const { items } = await custom.listClusterCustomObject(policies);
  expect(items).toContainEqual(expect.objectContaining({ metadata: expect.objectContaining({ name }) }));
  const patched = await custom.patchClusterCustomObject(
    { ...policies, name, body: { spec: { order: 7 } } },
    as(PatchStrategy.MergePatch),
  );
  expect(patched).toMatchObject({ spec: { order: 7, selector: `app == '${name}'` } });
  const strategic = { ...policies, name, body: {} };
  expect(
    await refusal(custom.patchClusterCustomObject(strategic, as(PatchStrategy.StrategicMergePatch))),
  ).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
  const wrong = { ...policies, name, body: { spec: { ingress: [{ action: 'Deny', http: {} }] } } };
  expect(await refusal(custom.patchClusterCustomObject(wrong, as(PatchStrategy.MergePatch)))).toMatchObject({
    code: 422,
    message: expect.stringContaining('spec.ingress[0]: Forbidden: HTTP match is only valid on Allow rules'),
  });
  expect(await custom.deleteClusterCustomObject({ ...policies, name })).toMatchObject({ status: 'Success' });
});

test('objects of any kind are applied on the server', async ({ config, namespace }) => {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const apply = (data: Record<string, string>, manager: string, force = false) =>
    objects.patch(
      { ...configMap('settings', data), metadata: { name: 'settings', namespace } },
      undefined,
      undefined,
      manager,
      force,
      PatchStrategy.ServerSideApply,
    );
  expect(await apply({ one: '1', two: '2' }, 'first')).toMatchObject({ data: { one: '1', two: '2' } });
  expect(await refusal(apply({ one: 'other' }, 'second'))).toMatchObject({
    code: 409,
    message: expect.stringContaining('conflict with "first": .data.one'),
  });
  expect(await apply({ one: 'other' }, 'second', true)).toMatchObject({ data: { one: 'other', two: '2' } });
  expect(await apply({}, 'first'), 'what the first no longer says').toMatchObject({ data: { one: 'other' } });
  const mine = (await objects.list('v1', 'ConfigMap', namespace)).items;
  expect(mine.map(({ metadata }) => metadata?.name)).toEqual(['settings']);
});

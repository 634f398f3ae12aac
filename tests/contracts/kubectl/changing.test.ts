import { expect } from '@playwright/test';
import type { Mesh } from '../../../reference/mesh.ts';
import { configMap } from '../objects.ts';
import { failure, success, test } from './fixture.ts';

test.beforeEach(({ make }) => make(configMap('settings', { one: '1', two: '2' })));

/** What is stored of it. */
const settings = ({ store }: Mesh, namespace: string) => store.find('ConfigMap', 'settings', namespace)!;

const operations = JSON.stringify([
  { op: 'test', path: '/data/one', value: '1' },
  { op: 'remove', path: '/data/one' },
]);
const patches = [
  ['strategic', '{"data":{"one":null}}'],
  ['merge', '{"data":{"one":null}}'],
  ['json', operations],
] as const;
for (const [type, patch] of patches) {
  test(`a ${type} patch changes an object, or says that it did not`, async ({ $, mesh, namespace }) => {
    expect(await $`kubectl patch configmap settings --type=${type} -p ${patch}`).toEqual(
      success('configmap/settings patched'),
    );
    const again = await $`kubectl patch configmap settings --type=${type} -p ${patch}`;
    if (type === 'json')
      expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('invalid') });
    else expect(again).toEqual(success('configmap/settings patched (no change)'));
    expect(settings(mesh, namespace).data).toEqual({ two: '2' });
  });
}

test('a kind of Calico takes no strategic patch', async ({ $ }) => {
  const patch = '{"spec":{"logSeverityScreen":"Info"}}';
  const refused = await $`kubectl patch felixconfiguration default -p ${patch}`;
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain(
    'application/strategic-merge-patch+json is not supported by projectcalico.org/v3',
  );
  expect(await $`kubectl patch felixconfiguration default --type=merge --dry-run=server -p ${patch}`).toEqual(
    success('felixconfiguration.projectcalico.org/default patched'),
  );
});

test('labels are put on, kept from being lost, and taken off', async ({ $, mesh, namespace }) => {
  const labels = () => settings(mesh, namespace).metadata.labels;
  expect(await $`kubectl label configmap settings team=blue`).toEqual(success('configmap/settings labeled'));
  expect(await $`kubectl label configmap settings team=red`).toEqual(
    failure(`error: 'team' already has a value (blue), and --overwrite is false`),
  );
  expect(labels()).toEqual({ team: 'blue' });
  await $`kubectl label configmap settings team=red --overwrite`;
  expect(labels()).toEqual({ team: 'red' });
  expect(await $`kubectl label configmap settings team-`).toEqual(success('configmap/settings unlabeled'));
  expect(labels()).toBeUndefined();
});

test('annotations are put on and taken off', async ({ $, mesh, namespace }) => {
  const annotations = () => settings(mesh, namespace).metadata.annotations;
  expect(await $`kubectl annotate configmap settings note=${'two words'}`).toEqual(
    success('configmap/settings annotated'),
  );
  expect(annotations()).toEqual({ note: 'two words' });
  await $`kubectl annotate configmap settings note-`;
  expect(annotations()).toBeUndefined();
});

test('an object is edited', async ({ $, mesh, namespace }) => {
  const edited = await $`env KUBE_EDITOR=${'sed -i.bak s/one:/three:/'} kubectl edit configmap settings`;
  expect(edited).toEqual(success('configmap/settings edited'));
  expect(settings(mesh, namespace).data).toEqual({ three: '1', two: '2' });
});

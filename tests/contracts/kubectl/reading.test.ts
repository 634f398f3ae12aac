import { expect } from '@playwright/test';
import { parse } from 'yaml';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { configMap, idleDeployment, idlePod } from '../objects.ts';
import { failure, success, test } from './fixture.ts';

/** Text in columns, as its rows. */
const rows = (text: string) => text.split('\n').map((line) => line.trim().split(/ {2,}/));

test.describe('with two pods', () => {
  test.beforeEach(({ run }) => run(idlePod('pair', 'one', 'two'), idlePod('single', 'one')));

  test('pods are shown in columns', async ({ $ }) => {
    const age = expect.stringMatching(/^\d+s$/);
    const [plain, wide, labelled] = await Promise.all([
      $`kubectl get pods`,
      $`kubectl get pods pair -o wide`,
      $`kubectl get po -L app --no-headers`,
    ]);
    expect(rows(plain.stdout)).toEqual([
      ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'],
      ['pair', '2/2', 'Running', '0', age],
      ['single', '1/1', 'Running', '0', age],
    ]);
    const address = expect.stringMatching(/^10\.244\.\d+\.\d+$/);
    const node = expect.stringMatching(/^reference-/);
    expect(rows(wide.stdout)).toEqual([
      [...'NAME READY STATUS RESTARTS AGE IP NODE'.split(' '), 'NOMINATED NODE', 'READINESS GATES'],
      ['pair', '2/2', 'Running', '0', age, address, node, '<none>', '<none>'],
    ]);
    expect(rows(labelled.stdout).map((row) => row.at(-1))).toEqual(['pair', 'single']);
  });

  test('pods are found by namespace, label and field', async ({ $, namespace }) => {
    const names = '-o=name';
    const [all, byLabel, bySet, byField, byBoth] = await Promise.all([
      $`kubectl get pods -A`,
      $`kubectl get pods -l app=pair ${names}`,
      $`kubectl get pods -l ${'app notin (pair)'} ${names}`,
      $`kubectl get pods --field-selector metadata.name=single,status.phase=Running ${names}`,
      $`kubectl get pods -l app=pair --field-selector metadata.name=single`,
    ]);
    const everywhere = rows(all.stdout).map(([where, name]) => `${where}/${name}`);
    expect(everywhere).toEqual(expect.arrayContaining([`${namespace}/pair`, `${namespace}/single`]));
    expect(everywhere.some((place) => place.startsWith('istio-system/istiod-'))).toBe(true);
    expect(byLabel).toEqual(success('pod/pair'));
    expect(bySet).toEqual(success('pod/single'));
    expect(byField).toEqual(success('pod/single'));
    expect(byBoth).toEqual({
      status: 0,
      stdout: '',
      stderr: `No resources found in ${namespace} namespace.`,
    });
  });

  test('pods are printed in every format', async ({ $, namespace }) => {
    const [json, list, path, columns] = await Promise.all([
      $`kubectl get pod pair -o json`,
      $`kubectl get pods -o yaml`,
      $`kubectl get pods -o ${'jsonpath={range .items[*]}{.metadata.name}={.spec.containers[*].name};{end}'}`,
      $`kubectl get pods --sort-by ${'{.metadata.name}'} -o custom-columns=A:.metadata.name,B:.status.phase`,
    ]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'pair', namespace },
      status: { phase: 'Running' },
    });
    const { kind, items } = parse(list.stdout) as { kind: string; items: KubeObject[] };
    expect([kind, ...items.map((item) => `${item.kind} ${item.metadata.name}`)]).toEqual([
      'List',
      'Pod pair',
      'Pod single',
    ]);
    expect(path).toEqual(success('pair=one two;single=one;'));
    expect(rows(columns.stdout)).toEqual([
      ['A', 'B'],
      ['pair', 'Running'],
      ['single', 'Running'],
    ]);
  });
});

test('every kind has its columns', async ({ $, make }) => {
  make(idleDeployment('web'), configMap('settings', { one: '1', two: '2' }));
  await $`kubectl expose deployment web --port=80`;
  await $`kubectl rollout status deployment web --timeout=10s`;
  const { stdout } = await $`kubectl get deploy,rs,svc,ep,cm,sa`;
  const name = (pattern: string) => expect.stringMatching(new RegExp(`^${pattern}$`));
  const [number, age] = [name('[\\d.]+'), name('\\d+s')];
  const shown = rows(stdout).filter(([first = '']) => first !== '' && first !== 'NAME');
  expect(shown).toEqual([
    ['deployment.apps/web', '1/1', '1', '1', age],
    [name('replicaset.apps/web-\\w+'), '1', '1', '1', age],
    ['service/web', 'ClusterIP', number, '<none>', '80/TCP', age],
    ['endpoints/web', name('[\\d.]+:80'), age],
    ['configmap/settings', '2', age],
    ['serviceaccount/default', '0', age],
  ]);
});

test('what is not there is said not to be', async ({ $, namespace }) => {
  const [object, kind, none] = await Promise.all([
    $`kubectl get pod absent`,
    $`kubectl get gizmos`,
    $`kubectl get virtualservices`,
  ]);
  expect(object).toEqual(failure('Error from server (NotFound): pods "absent" not found'));
  expect(kind).toEqual(failure(`error: the server doesn't have a resource type "gizmos"`));
  expect(none.stderr).toBe(`No resources found in ${namespace} namespace.`);
});

test('a watch shows what happens', async ({ $, make }) => {
  make(idleDeployment('web', { replicas: 0 }));
  const watch = $.start`kubectl get deployments -w`;
  await watch.until(/^web +0\/0/);
  await $`kubectl scale deployment web --replicas=1`;
  await watch.until(/^web +0\/1/);
  await watch.until(/^web +1\/1/);
  await watch.stop();
});

import { expect } from '@playwright/test';
import { configMap, idleDeployment } from '../objects.ts';
import { failure, success, test, yaml } from './fixture.ts';
import type { Shell } from './shell.ts';

const both = yaml(configMap('settings', { one: '1', two: '2' }));
const first = yaml(configMap('settings', { one: '1' }));
const other = yaml(configMap('settings', { one: '1', two: 'other' }));

const data = async ($: Shell) =>
  JSON.parse((await $`kubectl get configmap settings -o jsonpath={.data}`).stdout);

test('apply creates, leaves alone, changes, and takes back what is no longer said', async ({ $ }) => {
  expect(await $.given(both)`kubectl apply -f -`).toEqual(success('configmap/settings created'));
  expect(await $.given(both)`kubectl apply -f -`).toEqual(success('configmap/settings unchanged'));
  await $`kubectl patch configmap settings -p ${'{"data":{"three":"3"}}'}`;
  expect(await $.given(first)`kubectl apply -f -`).toEqual(success('configmap/settings configured'));
  expect(await data($), 'two was applied and dropped, three is of somebody else').toEqual({
    one: '1',
    three: '3',
  });
});

test('a diff shows what an apply would change, and that it would change nothing', async ({ $ }) => {
  await $.given(first)`kubectl apply -f -`;
  const [same, changed] = await Promise.all([
    $.given(first)`kubectl diff -f -`,
    $.given(both)`kubectl diff -f -`,
  ]);
  expect(same).toEqual(success(''));
  expect(changed.status).toBe(1);
  const lines = changed.stdout.split('\n').filter((line) => /^[-+] /.test(line));
  expect(lines).toEqual(['+  two: "2"']);
  expect(await data($)).toEqual({ one: '1' });
});

test('apply merges the containers of a workload by their names', async ({ $ }) => {
  const second = JSON.stringify({
    spec: { template: { spec: { containers: [{ name: 'second', image: 'redis:8' }] } } },
  });
  await $.given(yaml(idleDeployment('web', { image: 'redis:7' })))`kubectl apply -f -`;
  await $`kubectl patch deployment web -p ${second}`;
  const applied = await $.given(yaml(idleDeployment('web', { image: 'redis:8' })))`kubectl apply -f -`;
  expect(applied).toEqual(success('deployment.apps/web configured'));
  const containers = 'jsonpath={range .spec.template.spec.containers[*]}{.name}={.image}{"\\n"}{end}';
  const { stdout } = await $`kubectl get deployment web -o ${containers}`;
  expect(stdout.trim().split('\n').sort()).toEqual(['main=redis:8', 'second=redis:8']);
});

test('server-side apply meets the fields of others, and takes them when forced', async ({ $ }) => {
  const applied = success('configmap/settings serverside-applied');
  expect(await $.given(both)`kubectl apply --server-side -f -`).toEqual(applied);
  const someone = ['--server-side', '--field-manager=someone'];
  const edited = await $.given(other)`kubectl apply ${someone} -f -`;
  expect(edited.status).toBe(1);
  expect(edited.stderr).toContain('error: Apply failed with 1 conflict: conflict with "kubectl": .data.two');
  expect(await $.given(other)`kubectl apply ${someone} --force-conflicts -f -`).toEqual(applied);
  // The first has lost what was taken, so that it no longer takes it along.
  expect(await $.given(first)`kubectl apply --server-side -f -`).toEqual(applied);
  expect(await data($)).toEqual({ one: '1', two: 'other' });
});

test('server-side apply takes over what was applied by the client', async ({ $ }) => {
  await $.given(both)`kubectl apply -f -`;
  const taken = await $.given(first)`kubectl apply --server-side -f -`;
  expect(taken).toEqual(success('configmap/settings serverside-applied'));
  expect(await data($)).toEqual({ one: '1' });
});

test('what is there is not created again, and what is not there not replaced', async ({ $ }) => {
  expect(await $.given(first)`kubectl replace -f -`).toEqual(
    failure('Error from server (NotFound): error when replacing "STDIN": configmaps "settings" not found'),
  );
  expect(await $.given(first)`kubectl create -f -`).toEqual(success('configmap/settings created'));
  expect(await $.given(first)`kubectl create -f -`).toEqual(
    failure(
      'Error from server (AlreadyExists): error when creating "STDIN": configmaps "settings" already exists',
    ),
  );
  expect(await $.given(both)`kubectl replace -f -`).toEqual(success('configmap/settings replaced'));
  expect(await data($)).toEqual({ one: '1', two: '2' });
});

test('a dry run on the server changes nothing', async ({ $ }) => {
  expect(await $.given(first)`kubectl apply --dry-run=server -f -`).toEqual(
    success('configmap/settings created (server dry run)'),
  );
  expect(await $`kubectl get configmap settings`).toMatchObject({ status: 1 });
});

import { expect } from '@playwright/test';
import { idleDeployment, idlePod } from '../objects.ts';
import { failure, success, test, yaml } from './fixture.ts';

test('the front end of the shop is restarted', async ({ $ }) => {
  const pods = () => $`kubectl get pods -n default -l app=frontend -o name`;
  const before = await pods();
  expect(before.stdout).toMatch(/^pod\/frontend-\S+$/);
  expect(await $`kubectl rollout restart deployment/frontend -n default`).toEqual(
    success('deployment.apps/frontend restarted'),
  );
  const rollout = await $`kubectl rollout status deployment/frontend -n default --timeout=10s`;
  expect(rollout.status).toBe(0);
  expect(rollout.stdout).toMatch(/deployment "frontend" successfully rolled out$/);
  expect(await $`kubectl wait -n default --for=delete ${before.stdout} --timeout=10s`).toMatchObject({
    status: 0,
  });
  const after = await pods();
  expect(after.stdout).toMatch(/^pod\/frontend-\S+$/);
  expect(after.stdout).not.toBe(before.stdout);
});

test('a workload is scaled, changed and brought back', async ({ $, make }) => {
  const image = 'jsonpath={.spec.template.spec.containers[0].image}';
  make(idleDeployment('web', { image: 'redis:7' }));
  expect(await $`kubectl scale deployment web --replicas=2`).toEqual(success('deployment.apps/web scaled'));
  expect(await $`kubectl wait --for=condition=Available deployment/web --timeout=10s`).toEqual(
    success('deployment.apps/web condition met'),
  );
  expect(await $`kubectl wait --for=jsonpath={.status.readyReplicas}=2 deployment/web --timeout=10s`).toEqual(
    success('deployment.apps/web condition met'),
  );
  expect(await $`kubectl set image deployment web main=redis:8`).toEqual(
    success('deployment.apps/web image updated'),
  );
  const rollout = await $`kubectl rollout status deployment web --timeout=10s`;
  expect(rollout.stdout).toMatch(/deployment "web" successfully rolled out$/);
  const { stdout: history } = await $`kubectl rollout history deployment web`;
  expect(history.trim().split('\n').slice(2)).toEqual(['1         <none>', '2         <none>']);
  expect(await $`kubectl rollout undo deployment web`).toEqual(success('deployment.apps/web rolled back'));
  expect(await $`kubectl get deployment web -o ${image}`).toEqual(success('redis:7'));
});

test('a workload that cannot start is waited for in vain', async ({ $, make }) => {
  make(idleDeployment('web', { image: 'registry.example/unknown:1' }));
  const [rollout, available] = await Promise.all([
    $`kubectl rollout status deployment web --timeout=300ms`,
    $`kubectl wait --for=condition=Available deployment/web --timeout=300ms`,
  ]);
  expect(rollout).toMatchObject({ status: 1, stderr: expect.stringContaining('timed out waiting') });
  expect(available).toEqual(failure('error: timed out waiting for the condition on deployments/web'));
  const { stdout } = await $`kubectl get pods --no-headers`;
  expect(stdout).toMatch(/ 0\/1 +(ErrImagePull|ImagePullBackOff) /);
});

test('what is deleted is waited for, or not', async ({ $, namespace, run }) => {
  await run(idlePod('one', 'main'), idlePod('two', 'main'));
  const deleted = (name: string) => ({
    status: 0,
    // The namespace is said since 1.34.
    stdout: expect.stringMatching(new RegExp(`^pod "${name}" deleted( from ${namespace} namespace)?$`)),
    stderr: expect.any(String),
  });
  expect(await $`kubectl delete pod one`).toEqual(deleted('one'));
  const absent = failure('Error from server (NotFound): pods "one" not found');
  expect(await $`kubectl get pod one`).toEqual(absent);
  expect(await $`kubectl delete pod one`).toEqual(absent);
  expect(await $`kubectl delete pod one --ignore-not-found`).toEqual(success(''));
  expect(await $`kubectl delete pod two --wait=false`).toEqual(deleted('two'));
  expect(await $`kubectl wait --for=delete pod/two --timeout=10s`).toMatchObject({ status: 0 });
  expect(await $`kubectl get pods -o name`).toEqual(success(''));
});

test('a namespace goes with everything in it', async ({ $, namespace, make }) => {
  make(idleDeployment('web'));
  expect(await $`kubectl delete namespace ${namespace}`).toEqual(success(`namespace "${namespace}" deleted`));
  expect(await $`kubectl get deployments,replicasets,pods -o name`).toEqual(success(''));
  expect(await $.given(yaml(idleDeployment('web')))`kubectl create -f -`).toEqual(
    failure(`Error from server (NotFound): error when creating "STDIN": namespaces "${namespace}" not found`),
  );
});

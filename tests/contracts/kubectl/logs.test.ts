import { expect } from '@playwright/test';
import { idlePod } from '../objects.ts';
import { failure, success, test } from './fixture.ts';

const started = (container: string) => `${container} started; it does nothing in the reference mesh`;

test.beforeEach(({ run }) => run(idlePod('pair', 'one', 'two')));

test('a log is of a container, or of all', async ({ $ }) => {
  const [chosen, first, all, labelled, absent, previous] = await Promise.all([
    $`kubectl logs pair -c two`,
    $`kubectl logs pair`,
    $`kubectl logs pair --all-containers --prefix`,
    $`kubectl logs -l app=pair -c one`,
    $`kubectl logs pair -c three`,
    $`kubectl logs pair -c one --previous`,
  ]);
  expect(chosen).toEqual(success(started('two')));
  expect(first).toEqual({
    ...success(started('one')),
    stderr: expect.stringMatching(/^Defaulted container "one" out of: one, two$/),
  });
  expect(all.stdout.split('\n').sort()).toEqual([
    `[pod/pair/one] ${started('one')}`,
    `[pod/pair/two] ${started('two')}`,
  ]);
  expect(labelled).toEqual(success(started('one')));
  expect(absent).toEqual(failure('error: container three is not valid for pod pair'));
  expect(previous).toEqual(
    failure('Error from server (BadRequest): previous terminated container "one" in pod "pair" not found'),
  );
});

test('a log is cut to its end and its latest', async ({ $ }) => {
  const [none, since, later, stamped] = await Promise.all([
    $`kubectl logs pair -c one --tail=0`,
    $`kubectl logs pair -c one --since=1h`,
    $`kubectl logs pair -c one --since-time=2099-01-01T00:00:00Z`,
    $`kubectl logs pair -c one --timestamps --tail=1`,
  ]);
  expect(none).toEqual(success(''));
  expect(since).toEqual(success(started('one')));
  expect(later).toEqual(success(''));
  expect(stamped.stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z one started/);
});

test('a log is followed until the pod is gone', async ({ $ }) => {
  const log = $.start`kubectl logs pair -c one -f`;
  await log.until(/one started/);
  await $`kubectl delete pod pair --wait=false`;
  expect(await log.ended).toMatchObject({ status: 0, stderr: '' });
});

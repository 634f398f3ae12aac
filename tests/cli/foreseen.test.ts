import { expect } from '@playwright/test';
import { timedOut } from '../../fixtures/cluster/wait.ts';
import { sentenceFor } from '../../scripts/lib/foreseen.ts';
import { test } from './fixture.ts';
import { changes, paths } from './sound-cluster.ts';

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

test('an API server in trouble is told in one sentence, without a stack', async ({
  suite,
  sound,
  kubeconfig,
}) => {
  sound.on('GET', paths.kubeSystem, (_, answer) => answer.refuse(500, 'InternalError', 'etcd is gone'));
  const { status, stderr } = await suite.run(
    'conformance',
    ...['--target', 'existing', '--kubeconfig', kubeconfig, '--context', 'test'],
    ...['--istioctl', 'no-such-istioctl'],
  );
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: `etcd is gone (500 InternalError on GET ${paths.kubeSystem}): find out why the API server answers so.`,
  });
  expect(changes(sound)).toEqual([]);
});

test('what was waited for in vain is told with what to do', () => {
  expect(sentenceFor(timedOut(60_000, 'the account to have its rights', 'it may not get pods'))).toBe(
    'Timed out after 60 s waiting for the account to have its rights; last seen: it may not get pods: find out what keeps the cluster from it.',
  );
});

test('what nobody foresaw keeps its stack', () => {
  expect(sentenceFor(new TypeError('x is not a function'))).toBeUndefined();
  expect(sentenceFor('a string')).toBeUndefined();
});

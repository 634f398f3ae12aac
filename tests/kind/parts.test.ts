import { expect, test } from '@playwright/test';
import { laneNamed } from '../../scripts/lanes/lane.ts';
import { fixedKind } from '../../scripts/targets/fixed.ts';
import { beside } from '../../scripts/targets/kind/beside.ts';
import { withImages } from '../../scripts/targets/kind/images.ts';
import { istioArguments } from '../../scripts/targets/kind/native-sidecars.ts';
import { hopeless } from '../../scripts/targets/kind/rolled-out.ts';

const never = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

test('tasks beside each other: the first failure stops the others, and is what is thrown', async () => {
  const failure = new Error('no image');
  let stopped = false;
  await expect(
    beside(new AbortController().signal, (signal) => [
      never(signal).finally(() => {
        stopped = true;
      }),
      Promise.reject(failure),
    ]),
  ).rejects.toBe(failure);
  expect(stopped).toBe(true);
});

test('tasks beside each other end with their own signal too', async () => {
  const abort = new AbortController();
  const running = beside(abort.signal, (signal) => [never(signal)]);
  abort.abort(new Error('interrupted'));
  await expect(running).rejects.toThrow('interrupted');
});

test("archives with Calico's images are loaded before the others", () => {
  const archives = [
    { archive: 'a.tar', images: ['quay.io/calico/node:v3.32.1', 'docker.io/library/redis:alpine'] },
    { archive: 'b.tar', images: ['docker.io/istio/pilot:1.28.10'] },
  ];
  expect(withImages(archives, ['quay.io/calico/node:v3.32.1'])).toEqual({
    these: ['a.tar'],
    others: ['b.tar'],
  });
  expect(withImages(archives, ['redis:alpine']).these).toEqual(['a.tar']);
});

test('native sidecars are asked for where Istio has a template for Dikastes', () => {
  expect(istioArguments({ istio: '1.15.2' })).toEqual([]);
  for (const istio of ['1.22.8', '1.28.10']) {
    expect(istioArguments({ istio })).toEqual(['--set', 'values.pilot.env.ENABLE_NATIVE_SIDECARS=true']);
  }
});

test('what a fresh cluster of a lane has is known before it is made', () => {
  expect(fixedKind(laneNamed('ipv6'))).toMatchObject({
    versions: { calico: 'v3.32.1' },
    means: { nodes: 2, ipv6: true, api: 'api server', nativeSidecars: true, dataPlane: 'iptables' },
  });
  expect(fixedKind(laneNamed('seed'))).toMatchObject({ means: { ipv6: false, nativeSidecars: false } });
});

const pod = (reason: string, conditions: object[] = []) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'calico-node-x', namespace: 'kube-system' },
  spec: { containers: [{ name: 'calico-node' }] },
  status: {
    conditions,
    containerStatuses: [{ name: 'calico-node', state: { waiting: { reason, message: 'not found' } } }],
  },
});

test('on a cluster that comes up, only images that cannot be had are hopeless', () => {
  const unschedulable = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable' };
  expect(
    hopeless({ pods: [pod('CrashLoopBackOff'), pod('ContainerCreating', [unschedulable])] }),
  ).toBeUndefined();
  expect(hopeless({ pods: [pod('CrashLoopBackOff'), pod('ImagePullBackOff')] })).toBe(
    'Pod kube-system/calico-node-x: container calico-node is in ImagePullBackOff: not found',
  );
});

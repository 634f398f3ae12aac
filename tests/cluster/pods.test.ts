import { expect, test } from '@playwright/test';
import { containersOf, isReady, podFailure, schedulingFailure } from '../../fixtures/cluster/pods.ts';
import { pod } from './fixture.ts';

const meshSpec = {
  initContainers: [
    { name: 'istio-init', image: 'istio/proxyv2:1.28.10' },
    { name: 'istio-proxy', image: 'istio/proxyv2:1.28.10', restartPolicy: 'Always' },
  ],
  containers: [
    { name: 'dikastes', image: 'calico/dikastes:v3.32.1' },
    { name: 'server', image: 'frontend:v1' },
  ],
};
const waiting = (name: string, reason: string, message?: string) => ({
  name,
  state: { waiting: { reason, message } },
});

const stuck = [
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
];
for (const reason of stuck) {
  test(`a container in ${reason} is a failure that names pod, container and reason`, () => {
    const status = {
      phase: 'Pending',
      containerStatuses: [waiting('dikastes', reason, 'as the kubelet says')],
    };
    expect(podFailure(pod('frontend-1', status, meshSpec))).toBe(
      `Pod shop/frontend-1: container dikastes is in ${reason}: as the kubelet says`,
    );
  });
}

for (const reason of ['ContainerCreating', 'PodInitializing']) {
  test(`a container in ${reason} is no failure`, () => {
    const status = { phase: 'Pending', containerStatuses: [waiting('server', reason)] };
    expect(podFailure(pod('frontend-1', status, meshSpec))).toBeUndefined();
  });
}

test('a crash loop says how the container ended before', () => {
  const containerStatuses = [
    {
      ...waiting('dikastes', 'CrashLoopBackOff'),
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    },
  ];
  expect(podFailure(pod('frontend-1', { containerStatuses }, meshSpec))).toBe(
    'Pod shop/frontend-1: container dikastes is in CrashLoopBackOff; it ended with 137 (OOMKilled)',
  );
});

test('an init container that failed is a failure before it loops', () => {
  const initContainerStatuses = [
    { name: 'istio-init', state: { terminated: { exitCode: 1, reason: 'Error', message: 'no iptables' } } },
  ];
  expect(podFailure(pod('frontend-1', { phase: 'Pending', initContainerStatuses }, meshSpec))).toBe(
    'Pod shop/frontend-1: init container istio-init ended with 1 (Error: no iptables)',
  );
});

test('an init container that cannot pull its image is a failure', () => {
  const initContainerStatuses = [waiting('istio-proxy', 'ErrImagePull', 'not found')];
  expect(podFailure(pod('frontend-1', { initContainerStatuses }, meshSpec))).toContain(
    'init container istio-proxy is in ErrImagePull: not found',
  );
});

test('an init container that succeeded is no failure', () => {
  const initContainerStatuses = [
    { name: 'istio-init', state: { terminated: { exitCode: 0, reason: 'Completed' } } },
  ];
  expect(
    podFailure(pod('frontend-1', { phase: 'Pending', initContainerStatuses }, meshSpec)),
  ).toBeUndefined();
});

test('a native sidecar or container that ended is restarted, so it is no failure yet', () => {
  const ended = { state: { terminated: { exitCode: 1, reason: 'Error' } } };
  const status = {
    phase: 'Running',
    initContainerStatuses: [{ name: 'istio-proxy', ...ended }],
    containerStatuses: [{ name: 'server', ...ended }],
  };
  expect(podFailure(pod('frontend-1', status, meshSpec))).toBeUndefined();
});

test('a failed pod is a failure that names the container that ended', () => {
  const containerStatuses = [
    { name: 'dikastes', state: { terminated: { exitCode: 0, reason: 'Completed' } } },
    { name: 'server', state: { terminated: { exitCode: 3, reason: 'Error' } } },
  ];
  expect(podFailure(pod('job-1', { phase: 'Failed', containerStatuses }, meshSpec))).toBe(
    'Pod shop/job-1: container server ended with 3 (Error)',
  );
});

test('an evicted pod is a failure with the reason of its eviction', () => {
  const status = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' };
  expect(podFailure(pod('frontend-1', status))).toBe(
    'Pod shop/frontend-1 failed: Evicted: The node was low on resource: memory.',
  );
});

test('a pod that no node can take is a failure', () => {
  const message = '0/2 nodes are available: 2 Insufficient cpu.';
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
  const unschedulable = pod('frontend-1', { phase: 'Pending', conditions });
  expect(podFailure(unschedulable)).toBe(
    `Pod shop/frontend-1 cannot be scheduled: Unschedulable: ${message}`,
  );
  expect(schedulingFailure(unschedulable)).toBe(`Unschedulable: ${message}`);
});

test('a pod that waits behind a scheduling gate is no failure', () => {
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }];
  expect(podFailure(pod('frontend-1', { phase: 'Pending', conditions }))).toBeUndefined();
});

test('a pod without any status is no failure', () => {
  expect(podFailure(pod('frontend-1'))).toBeUndefined();
});

test('the containers of a pod are its native sidecars and its containers, not its other init containers', () => {
  const status = {
    initContainerStatuses: [
      { name: 'istio-init', ready: true, restartCount: 0, imageID: 'proxyv2@sha256:1' },
      { name: 'istio-proxy', ready: true, restartCount: 2, imageID: 'proxyv2@sha256:1' },
    ],
    containerStatuses: [{ name: 'server', ready: false, restartCount: 1, imageID: 'frontend@sha256:2' }],
  };
  expect(containersOf(pod('frontend-1', status, meshSpec))).toEqual([
    {
      name: 'istio-proxy',
      image: 'istio/proxyv2:1.28.10',
      imageID: 'proxyv2@sha256:1',
      ready: true,
      restartCount: 2,
      native: true,
    },
    {
      name: 'dikastes',
      image: 'calico/dikastes:v3.32.1',
      imageID: '',
      ready: false,
      restartCount: 0,
      native: false,
    },
    {
      name: 'server',
      image: 'frontend:v1',
      imageID: 'frontend@sha256:2',
      ready: false,
      restartCount: 1,
      native: false,
    },
  ]);
});

test('a pod is ready by its condition, and no longer once it is being deleted', () => {
  const ready = pod('a', { conditions: [{ type: 'Ready', status: 'True' }] });
  expect(isReady(ready)).toBe(true);
  expect(
    isReady({ ...ready, metadata: { ...ready.metadata, deletionTimestamp: '2026-11-01T00:00:00Z' } }),
  ).toBe(false);
  expect(isReady(pod('a', { conditions: [{ type: 'Ready', status: 'False' }] }))).toBe(false);
  expect(isReady(pod('a'))).toBe(false);
});

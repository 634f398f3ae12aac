import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { describeRollout, rolloutFailure, rolloutPending } from '../../../fixtures/cluster/rollout-state.ts';
import { forbidden } from '../../../reference/store/status-error.ts';
import { openCluster, restartedAt, settled, type TestCluster } from './cluster.ts';

const key = 'DaemonSet.apps';
const labels = { 'k8s-app': 'agent' };

function daemonSet(spec: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent', namespace: 'kube-system' },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'app:1', readinessProbe: {} }], ...spec },
      },
    },
  };
}

const find = ({ store }: TestCluster) => store.find(key, 'agent', 'kube-system')!;
const view = (cluster: TestCluster) => ({
  workload: find(cluster),
  replicaSets: [],
  pods: cluster.pods('kube-system'),
  events: cluster.store.list('Event', 'kube-system'),
});
const nodesOf = (cluster: TestCluster) =>
  cluster.pods('kube-system').map(({ spec }) => (spec as { nodeName: string }).nodeName);

function allReady(cluster: TestCluster): void {
  for (const { ready } of cluster.program.running) ready(true);
}

test('every node gets a pod', async () => {
  const cluster = openCluster();
  cluster.operations.create(daemonSet());
  await settled();
  expect(rolloutPending(find(cluster))).toBe('0 of 2 pods are available');
  allReady(cluster);
  await settled();
  expect(rolloutPending(find(cluster))).toBeUndefined();
  expect(nodesOf(cluster).sort()).toEqual(['reference-control-plane', 'reference-worker']);
  expect(find(cluster).status).toEqual({
    currentNumberScheduled: 2,
    numberMisscheduled: 0,
    desiredNumberScheduled: 2,
    numberReady: 2,
    observedGeneration: 1,
    updatedNumberScheduled: 2,
    numberAvailable: 2,
  });
  cluster.cluster.close();
});

test('a node selector narrows the nodes, and a lost pod is made again', async () => {
  const cluster = openCluster();
  cluster.operations.create(daemonSet({ nodeSelector: { 'kubernetes.io/hostname': 'reference-worker' } }));
  await settled();
  expect(nodesOf(cluster)).toEqual(['reference-worker']);
  const [pod] = cluster.pods('kube-system');
  cluster.operations.delete(cluster.podType, pod!.metadata.name, 'kube-system');
  await settled();
  expect(nodesOf(cluster)).toEqual(['reference-worker']);
  expect(cluster.pods('kube-system')[0]?.metadata.uid).not.toBe(pod?.metadata.uid);
  cluster.cluster.close();
});

test('an update goes node by node', async () => {
  const cluster = openCluster();
  cluster.operations.create(daemonSet());
  await settled();
  allReady(cluster);
  await settled();
  const type = cluster.store.typeOf('apps/v1', 'DaemonSet')!;
  const body = restartedAt('2026-11-26T00:00:00Z');
  cluster.operations.patch(type, 'agent', 'kube-system', { type: 'merge', body });
  await settled();
  expect(rolloutPending(find(cluster))).toBe('1 of 2 pods are updated');
  // The suite tells the present pods from those that are to go by the template's generation.
  expect(describeRollout(view(cluster)).split('; ')).toHaveLength(2);
  allReady(cluster);
  await settled();
  expect(rolloutPending(find(cluster))).toBe('1 of 2 pods are available');
  allReady(cluster);
  await settled();
  expect(rolloutPending(find(cluster))).toBeUndefined();
  expect(describeRollout(view(cluster)).split('; ')).toHaveLength(3);
  cluster.cluster.close();
});

test('a refused pod is told by an event', async () => {
  const webhook = {
    validate: ({ type }: { type: { kind: string } }) => {
      if (type.kind === 'Pod') throw forbidden('not here');
    },
  };
  const cluster = openCluster({ webhooks: [webhook], timeScale: 1000 });
  cluster.operations.create(daemonSet());
  await settled();
  expect(rolloutFailure(view(cluster))).toBe(
    'DaemonSet kube-system/agent cannot create its pods: Error creating: not here',
  );
  cluster.cluster.close();
});

import { expect, test } from '@playwright/test';
import { rolloutFailure, rolloutPending } from '../../../fixtures/cluster/rollout-state.ts';
import { conditionOf } from '../../../fixtures/cluster/state.ts';
import type { AdmissionPlugin } from '../../../reference/store/operations.ts';
import { forbidden } from '../../../reference/store/status-error.ts';
import {
  deploymentOf,
  openCluster,
  replicaSetKey,
  restartedAt,
  revisionOf,
  settled,
  type TestCluster,
  until,
} from './cluster.ts';

const probed = { readinessProbe: { httpGet: { path: '/', port: 80 } } };

const sizes = ({ replicaSets }: TestCluster) =>
  replicaSets().map(({ spec }) => (spec as { replicas: number }).replicas);
const reasonOf = (cluster: TestCluster) => conditionOf(cluster.deployment(), 'Progressing')?.reason;

test('a Deployment gets a ReplicaSet and pods, as the suite reads a rollout', async () => {
  const cluster = openCluster();
  const created = cluster.operations.create(deploymentOf({ replicas: 2 }));
  expect(rolloutPending(created)).toBe('its controller has not seen the change yet');
  await settled();

  expect(rolloutPending(cluster.deployment())).toBeUndefined();
  expect(cluster.deployment().status).toMatchObject({
    observedGeneration: 1,
    replicas: 2,
    updatedReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
  });
  expect(conditionOf(cluster.deployment(), 'Available')?.status).toBe('True');
  expect(reasonOf(cluster)).toBe('NewReplicaSetAvailable');
  const [replicaSet] = cluster.replicaSets();
  const hash = replicaSet?.metadata.labels?.['pod-template-hash'];
  expect(replicaSet?.metadata.name).toBe(`web-${hash}`);
  expect(revisionOf(replicaSet!)).toBe('1');
  expect(revisionOf(cluster.deployment())).toBe('1');
  for (const { metadata } of cluster.pods()) {
    expect(metadata.name).toMatch(new RegExp(`^web-${hash}-[bcdfghjklmnpqrstvwxz2456789]{5}$`));
    expect(metadata.labels).toEqual({ app: 'web', 'pod-template-hash': hash });
    expect(metadata.ownerReferences).toMatchObject([{ kind: 'ReplicaSet', uid: replicaSet?.metadata.uid }]);
  }
  cluster.cluster.close();
});

test('with one replica the new pod is ready before the old one goes', async () => {
  const cluster = openCluster();
  cluster.operations.create(deploymentOf({}, probed));
  await settled();
  expect(rolloutPending(cluster.deployment())).toBe('0 of 1 updated replicas are available');
  const [first] = cluster.pods();
  cluster.program.of(first!).ready(true);
  await settled();
  expect(rolloutPending(cluster.deployment())).toBeUndefined();

  cluster.patch(restartedAt('2026-11-26T00:00:00Z'));
  await settled();
  expect(sizes(cluster)).toEqual([1, 1]);
  expect(cluster.pods().map(({ metadata }) => metadata.uid)).toContain(first?.metadata.uid);
  expect(rolloutPending(cluster.deployment())).toBe('1 old replicas are still there');
  expect(reasonOf(cluster)).toBe('ReplicaSetUpdated');

  const second = cluster.pods().find(({ metadata }) => metadata.uid !== first?.metadata.uid);
  cluster.program.of(second!).ready(true);
  await settled();
  expect(cluster.pods().map(({ metadata }) => metadata.uid)).toEqual([second?.metadata.uid]);
  expect(sizes(cluster)).toEqual([0, 1]);
  expect(revisionOf(cluster.deployment())).toBe('2');
  expect(rolloutPending(cluster.deployment())).toBeUndefined();
  cluster.cluster.close();
});

test('a template that was there before has its ReplicaSet back, with a new revision', async () => {
  const cluster = openCluster();
  cluster.operations.create(deploymentOf());
  await settled();
  const [first] = cluster.replicaSets();
  cluster.patch({ spec: { template: { metadata: { annotations: { tried: 'yes' } } } } });
  await settled();
  cluster.patch({ spec: { template: { metadata: { annotations: null } } } });
  await settled();

  expect(cluster.replicaSets().map(revisionOf)).toEqual(['2', '3']);
  expect(cluster.replicaSets()[1]?.metadata.uid).toBe(first?.metadata.uid);
  expect(sizes(cluster)).toEqual([0, 1]);
  expect(revisionOf(cluster.deployment())).toBe('3');
  expect(rolloutPending(cluster.deployment())).toBeUndefined();
  cluster.cluster.close();
});

test('a Deployment that recreates its pods has none before the new ones', async () => {
  const cluster = openCluster();
  cluster.operations.create(deploymentOf({ replicas: 2, strategy: { type: 'Recreate' } }));
  await settled();
  let most = 0;
  cluster.store.subscribe('Pod', () => {
    const hashes = new Set(cluster.pods().map(({ metadata }) => metadata.labels?.['pod-template-hash']));
    most = Math.max(most, hashes.size);
  });
  cluster.patch(restartedAt('2026-11-26T00:00:00Z'));
  await settled();
  expect(most).toBe(1);
  expect(rolloutPending(cluster.deployment())).toBeUndefined();
  expect(sizes(cluster)).toEqual([0, 2]);
  cluster.cluster.close();
});

test('replicas are scaled up and down', async () => {
  const cluster = openCluster();
  cluster.operations.create(deploymentOf());
  await settled();
  for (const replicas of [3, 0, 2]) {
    cluster.patch({ spec: { replicas } });
    await settled();
    expect(cluster.pods()).toHaveLength(replicas);
    expect(cluster.program.running).toHaveLength(replicas);
    expect(rolloutPending(cluster.deployment())).toBeUndefined();
  }
  expect(cluster.replicaSets()).toHaveLength(1);
  cluster.cluster.close();
});

test('a pod that is deleted is replaced', async () => {
  const cluster = openCluster();
  cluster.operations.create(deploymentOf());
  await settled();
  const [first] = cluster.pods();
  cluster.operations.delete(cluster.podType, first!.metadata.name, 'default');
  await settled();
  expect(cluster.pods()).toHaveLength(1);
  expect(cluster.pods()[0]?.metadata.uid).not.toBe(first?.metadata.uid);
  cluster.cluster.close();
});

test('pods that admission refuses show as ReplicaFailure, until something changes', async () => {
  let refuses = true;
  const webhook: AdmissionPlugin = {
    validate: ({ type, operation }) => {
      if (refuses && type.kind === 'Pod' && operation === 'CREATE') throw forbidden('no sidecar today');
    },
  };
  // No timer may help: the pauses are as long as on a real cluster.
  const cluster = openCluster({ webhooks: [webhook], timeScale: 1000 });
  cluster.operations.create(deploymentOf());
  await settled();
  const view = { workload: cluster.deployment(), replicaSets: cluster.replicaSets(), pods: [], events: [] };
  expect(rolloutFailure(view)).toBe('Deployment default/web cannot create its pods: no sidecar today');
  expect(conditionOf(cluster.deployment(), 'ReplicaFailure')?.reason).toBe('FailedCreate');
  expect(cluster.store.list('Event')).toMatchObject([
    {
      reason: 'FailedCreate',
      message: 'Error creating: no sidecar today',
      involvedObject: { kind: 'ReplicaSet' },
    },
  ]);

  refuses = false;
  cluster.store.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio-sidecar-injector', namespace: 'default' },
  });
  await settled();
  expect(rolloutPending(cluster.deployment())).toBeUndefined();
  expect(conditionOf(cluster.replicaSets()[0]!, 'ReplicaFailure')).toBeUndefined();
  expect(conditionOf(cluster.deployment(), 'ReplicaFailure')).toBeUndefined();
  cluster.cluster.close();
});

test('a refused pod is tried again after a pause', async () => {
  let left = 3;
  const webhook: AdmissionPlugin = {
    validate: ({ type, operation }) => {
      if (type.kind === 'Pod' && operation === 'CREATE' && left-- > 0) throw forbidden('not yet');
    },
  };
  const cluster = openCluster({ webhooks: [webhook] });
  cluster.operations.create(deploymentOf());
  await until(() => cluster.pods().length === 1);
  const warnings = cluster.store.list('Event').filter(({ type }) => type === 'Warning');
  expect(warnings).toMatchObject([{ reason: 'FailedCreate', count: 3 }]);
  cluster.cluster.close();
});

test('old ReplicaSets are forgotten beyond the history limit', async () => {
  const cluster = openCluster();
  cluster.operations.create(deploymentOf({ revisionHistoryLimit: 1 }));
  for (const when of ['a', 'b', 'c']) {
    await settled();
    cluster.patch(restartedAt(when));
  }
  await settled();
  expect(cluster.replicaSets().map(revisionOf)).toEqual(['3', '4']);
  cluster.cluster.close();
});

test('pods of a Deployment keep within the bounds of its strategy', async () => {
  const cluster = openCluster();
  cluster.operations.create(deploymentOf({ replicas: 8 }, probed));
  await settled();
  for (const context of cluster.program.running) context.ready(true);
  await settled();
  const seen = { most: 0, least: 8 };
  cluster.store.subscribe(replicaSetKey, () => {
    const pods = cluster.pods().filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    seen.most = Math.max(seen.most, pods.length);
    const ready = pods.filter((pod) => conditionOf(pod, 'Ready')?.status === 'True').length;
    seen.least = Math.min(seen.least, ready);
  });
  cluster.patch(restartedAt('2026-11-26T00:00:00Z'));
  for (let step = 0; step < 8; step++) {
    await settled();
    for (const context of cluster.program.running) context.ready(true);
  }
  await settled();
  expect(rolloutPending(cluster.deployment())).toBeUndefined();
  expect(seen).toEqual({ most: 10, least: 6 });
  cluster.cluster.close();
});

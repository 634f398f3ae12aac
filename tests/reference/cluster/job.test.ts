import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { conditionOf } from '../../../fixtures/cluster/state.ts';
import { openCluster, settled, type TestCluster } from './cluster.ts';

function jobOf(spec: object = {}, podSpec: object = {}): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once', namespace: 'default' },
    spec: {
      ...spec,
      template: {
        metadata: { labels: { app: 'once' } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'app:1' }], ...podSpec },
      },
    },
  };
}

const job = ({ store }: TestCluster) => store.find('Job.batch', 'once', 'default')!;
const phaseOf = (pod: KubeObject | undefined) => (pod?.status as { phase?: string } | undefined)?.phase;

async function exit(cluster: TestCluster, code: number, container = 'main'): Promise<void> {
  const pod = cluster.pods().findLast((one) => phaseOf(one) === 'Running')!;
  cluster.program.of(pod, container).exit(code);
  await settled();
}

test('a Job gets a selector of its own, and its pod is labelled for it', async () => {
  const cluster = openCluster();
  const { spec, metadata } = cluster.operations.create(jobOf());
  await settled();
  const selector = { 'batch.kubernetes.io/controller-uid': metadata.uid };
  expect(spec).toMatchObject({
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    selector: { matchLabels: selector },
  });
  expect(cluster.pods()[0]?.metadata.labels).toMatchObject({
    app: 'once',
    ...selector,
    'batch.kubernetes.io/job-name': 'once',
  });
  expect(job(cluster).status).toMatchObject({ active: 1, ready: 1, startTime: expect.any(String) });
  expect(job(cluster).metadata.generation).toBe(1);
});

test('a Job whose pods would never end is refused', () => {
  const { operations } = openCluster();
  expect(() => operations.create(jobOf({}, { restartPolicy: 'Always' }))).toThrow(
    'spec.template.spec.restartPolicy: Unsupported value: "Always": supported values: "OnFailure", "Never"',
  );
});

test('it is complete when its pod has succeeded', async () => {
  const cluster = openCluster();
  cluster.operations.create(jobOf());
  await settled();
  await exit(cluster, 0);
  const [pod] = cluster.pods();
  expect(phaseOf(pod)).toBe('Succeeded');
  expect(conditionOf(pod!, 'Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
  expect(pod?.status).toMatchObject({
    containerStatuses: [{ ready: false, state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
  });
  expect(job(cluster).status).toMatchObject({ succeeded: 1, completionTime: expect.any(String) });
  expect(job(cluster).status).not.toHaveProperty('active');
  expect(conditionOf(job(cluster), 'Complete')?.status).toBe('True');
  expect(cluster.program.running).toEqual([]);
});

test('what fails is tried again, until that was too often', async () => {
  const cluster = openCluster();
  cluster.operations.create(jobOf({ backoffLimit: 1 }));
  await settled();
  await exit(cluster, 3);
  expect(cluster.pods().map(phaseOf).toSorted()).toEqual(['Failed', 'Running']);
  await exit(cluster, 3);
  expect(cluster.pods().map(phaseOf)).toEqual(['Failed', 'Failed']);
  expect(conditionOf(job(cluster), 'Failed')).toMatchObject({
    status: 'True',
    reason: 'BackoffLimitExceeded',
  });
});

test('a container is restarted within its pod where only failures are', async () => {
  const cluster = openCluster();
  cluster.operations.create(jobOf({}, { restartPolicy: 'OnFailure' }));
  await settled();
  await exit(cluster, 1);
  await expect.poll(() => cluster.program.running.length).toBe(1);
  expect(cluster.pods()).toHaveLength(1);
  await exit(cluster, 0);
  expect(conditionOf(job(cluster), 'Complete')?.status).toBe('True');
});

test('native sidecars end with the last container, and other containers hold the pod', async () => {
  const cluster = openCluster();
  const containers = ['main', 'beside'].map((name) => ({ name, image: 'app:1' }));
  const initContainers = [{ name: 'sidecar', image: 'app:1', restartPolicy: 'Always' }];
  cluster.operations.create(jobOf({}, { containers, initContainers }));
  await settled();
  await exit(cluster, 0);
  const [pod] = cluster.pods();
  expect(phaseOf(pod)).toBe('Running');
  expect(conditionOf(pod!, 'Ready')?.status).toBe('False');
  expect(cluster.program.running.map(({ container }) => container.name)).toEqual(['sidecar', 'beside']);
  await exit(cluster, 0, 'beside');
  expect(cluster.program.running).toEqual([]);
  expect(phaseOf(cluster.pods()[0])).toBe('Succeeded');
  expect(cluster.pods()[0]?.status).toMatchObject({
    initContainerStatuses: [{ name: 'sidecar', state: { terminated: { exitCode: 0 } } }],
  });
  expect(conditionOf(job(cluster), 'Complete')?.status).toBe('True');
});

test('its pods go with it', async () => {
  const cluster = openCluster();
  cluster.operations.create(jobOf({ completions: 3, parallelism: 2 }));
  await settled();
  expect(cluster.pods()).toHaveLength(2);
  const type = cluster.store.typeOf('batch/v1', 'Job')!;
  cluster.operations.delete(type, 'once', 'default', { propagation: 'Foreground' });
  await expect.poll(() => [cluster.pods().length, job(cluster)]).toEqual([0, undefined]);
});

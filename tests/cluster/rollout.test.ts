import { expect } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { labelSelectorOf, waitForRollout } from '../../fixtures/cluster/rollout.ts';
import {
  describeRollout,
  type RolloutView,
  rolloutFailure,
  rolloutPending,
} from '../../fixtures/cluster/rollout-state.ts';
import { WaitError } from '../../fixtures/cluster/wait.ts';
import type { FakeApi, Script } from './fake-api.ts';
import { ample, object, pod, rejection, test } from './fixture.ts';

const revision = (number: number) => ({ 'deployment.kubernetes.io/revision': String(number) });
const complete = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
const crash = { containerStatuses: [{ name: 'main', state: { waiting: { reason: 'CrashLoopBackOff' } } }] };

function deployment(status: object = {}): KubeObject {
  return object('Deployment', 'frontend', {
    metadata: { name: 'frontend', uid: 'd', generation: 2, annotations: revision(5), resourceVersion: '1' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'frontend' } } },
    status: { ...complete, ...status },
  });
}

function daemonSet(status: object = {}): KubeObject {
  return object('DaemonSet', 'node', {
    metadata: {
      name: 'node',
      uid: 's',
      generation: 7,
      annotations: { 'deprecated.daemonset.template.generation': '3' },
      resourceVersion: '1',
    },
    spec: { selector: { matchLabels: { app: 'node' } } },
    status: {
      observedGeneration: 7,
      updatedNumberScheduled: 2,
      desiredNumberScheduled: 2,
      numberAvailable: 2,
      ...status,
    },
  });
}

function ownedBy(
  owner: string,
  child: KubeObject,
  metadata: Partial<KubeObject['metadata']> = {},
): KubeObject {
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: '', name: '', uid: owner }];
  return { ...child, metadata: { ...child.metadata, ownerReferences, ...metadata } };
}

const replicaSet = (uid: string, number: number, status: object = {}) =>
  ownedBy('d', object('ReplicaSet', uid, { status }), { uid, annotations: revision(number) });

function view(parts: Partial<RolloutView> = {}): RolloutView {
  return {
    workload: deployment({ availableReplicas: 1 }),
    replicaSets: [replicaSet('old', 4), replicaSet('new', 5)],
    pods: [],
    events: [],
    ...parts,
  };
}

const pending: [title: string, workload: KubeObject, expected: string | undefined][] = [
  ['complete', deployment(), undefined],
  ['not observed', deployment({ observedGeneration: 1 }), 'its controller has not seen the change yet'],
  ['without a status', { ...deployment(), status: {} }, 'its controller has not seen the change yet'],
  ['partly updated', deployment({ updatedReplicas: 1 }), '1 of 2 replicas are updated'],
  ['with old replicas', deployment({ replicas: 3 }), '1 old replicas are still there'],
  ['not all available', deployment({ availableReplicas: 1 }), '1 of 2 updated replicas are available'],
  ['a DaemonSet, complete', daemonSet(), undefined],
  ['a DaemonSet, partly updated', daemonSet({ updatedNumberScheduled: 1 }), '1 of 2 pods are updated'],
  ['a DaemonSet, not all available', daemonSet({ numberAvailable: 0 }), '0 of 2 pods are available'],
  [
    'a DaemonSet, not observed',
    daemonSet({ observedGeneration: 6 }),
    'its controller has not seen the change yet',
  ],
];
for (const [title, workload, expected] of pending) {
  test(`what a rollout lacks: ${title}`, () => {
    expect(rolloutPending(workload)).toBe(expected);
  });
}

test('a Deployment that says nothing of replicas wants one', () => {
  const one = deployment({ updatedReplicas: 0, replicas: 0, availableReplicas: 0 });
  expect(rolloutPending({ ...one, spec: {} })).toBe('0 of 1 replicas are updated');
});

test('a failing pod of the current revision fails the rollout', () => {
  const pods = [ownedBy('new', pod('frontend-new', crash))];
  expect(rolloutFailure(view({ pods }))).toBe('Pod shop/frontend-new: container main is in CrashLoopBackOff');
});

test('failing pods that the rollout replaces do not fail it', () => {
  const pods = [ownedBy('old', pod('frontend-old', crash)), ownedBy('stranger', pod('frontend-x', crash))];
  expect(rolloutFailure(view({ pods }))).toBeUndefined();
});

test('a failing pod on its way out does not fail the rollout', () => {
  const gone = ownedBy('new', pod('frontend-new', crash), { deletionTimestamp: '2026-11-01T00:00:00Z' });
  expect(rolloutFailure(view({ pods: [gone] }))).toBeUndefined();
});

test('nothing fails a rollout that its controller has not seen yet', () => {
  const pods = [ownedBy('new', pod('frontend-new', crash))];
  expect(rolloutFailure(view({ workload: deployment({ observedGeneration: 1 }), pods }))).toBeUndefined();
});

const webhook =
  'Internal error occurred: failed calling webhook "namespace.sidecar-injector.istio.io": connection refused';
const refused = {
  conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: webhook }],
};

test('pods that admission refuses fail the rollout with its words', () => {
  const replicaSets = [replicaSet('old', 4), replicaSet('new', 5, refused)];
  expect(rolloutFailure(view({ replicaSets }))).toBe(
    `Deployment shop/frontend cannot create its pods: ${webhook}`,
  );
});

test('refused pods of an older revision do not fail the rollout', () => {
  const replicaSets = [replicaSet('old', 4, refused), replicaSet('new', 5)];
  expect(rolloutFailure(view({ replicaSets }))).toBeUndefined();
});

test('a progress deadline that passed fails the rollout', () => {
  const message = 'ReplicaSet "frontend-new" has timed out progressing.';
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message }];
  expect(rolloutFailure(view({ workload: deployment({ availableReplicas: 1, conditions }) }))).toBe(
    `Deployment shop/frontend exceeded its progress deadline: ${message}`,
  );
});

test('pods of a DaemonSet count by its template generation', () => {
  const of = (generation: string) =>
    ownedBy('s', pod(`node-${generation}`, crash), { labels: { 'pod-template-generation': generation } });
  const workload = daemonSet({ numberAvailable: 1 });
  expect(rolloutFailure(view({ workload, replicaSets: [], pods: [of('2')] }))).toBeUndefined();
  expect(rolloutFailure(view({ workload, replicaSets: [], pods: [of('2'), of('3')] }))).toContain(
    'Pod shop/node-3',
  );
});

test('a rollout is described by what it lacks and by its current pods', () => {
  const containerStatuses = [{ name: 'main', ready: false, restartCount: 2 }];
  const pods = [
    ownedBy('new', pod('frontend-1', { conditions: [{ type: 'Ready', status: 'True' }] })),
    ownedBy('new', pod('frontend-2', { containerStatuses })),
    ownedBy('old', pod('frontend-0')),
  ];
  expect(describeRollout(view({ pods }))).toBe(
    '1 of 2 updated replicas are available; Pod shop/frontend-1 is ready; ' +
      'Pod shop/frontend-2 is not ready (main (restarted 2 times))',
  );
});

test('a selector is written as lists take it', () => {
  const matchExpressions = [
    { key: 'tier', operator: 'In', values: ['a', 'b'] },
    { key: 'env', operator: 'NotIn', values: ['test'] },
    { key: 'canary', operator: 'DoesNotExist' },
    { key: 'team', operator: 'Exists' },
  ];
  const spec = { selector: { matchLabels: { app: 'x' }, matchExpressions } };
  expect(labelSelectorOf(object('Deployment', 'x', { spec }))).toBe(
    'app=x,tier in (a,b),env notin (test),!canary,team',
  );
});

const apps = '/apis/apps/v1/namespaces/shop';
const core = '/api/v1/namespaces/shop';
const silent: Script = (_, answer) => void answer.response.writeHead(200).flushHeaders();
const oneOf =
  (...items: KubeObject[]): Script =>
  (_, answer) =>
    answer.list(items);
const modified =
  (changed: KubeObject): Script =>
  (_, answer) =>
    answer.event('MODIFIED', { ...changed, metadata: { ...changed.metadata, resourceVersion: '2' } });

/** Scripts a Deployment and what belongs to it; what is not said stays as it was at first. */
function script(
  api: FakeApi,
  initial: KubeObject,
  later: Partial<Record<'workload' | 'replicaSets' | 'pods', Script>> = {},
) {
  api.on('GET', `${apps}/deployments/frontend`, (_, answer) => answer.json(initial));
  api.onWatch(`${apps}/deployments`, [oneOf(initial)], [later.workload ?? silent]);
  api.onWatch(
    `${apps}/replicasets`,
    [oneOf(replicaSet('old', 4), replicaSet('new', 5))],
    [later.replicaSets ?? silent],
  );
  api.onWatch(`${core}/pods`, [oneOf()], [later.pods ?? silent]);
}
const frontend = { namespace: 'shop', name: 'frontend' };

test('a rollout that is complete already is not waited for', async ({ api }) => {
  script(api, deployment());
  expect(await waitForRollout(api.cluster(), frontend, { timeoutMs: ample })).toMatchObject({
    metadata: { name: 'frontend' },
    status: complete,
  });
});

test('a rollout is over when its Deployment says so', async ({ api }) => {
  script(api, deployment({ observedGeneration: 1 }), { workload: modified(deployment()) });
  expect(await waitForRollout(api.cluster(), frontend, { timeoutMs: ample })).toMatchObject({
    metadata: { resourceVersion: '2' },
  });
  expect(api.seen('GET', `${core}/pods`)[0]?.query.labelSelector).toBe('app=frontend');
});

test('a rollout ends as soon as one of its pods cannot start', async ({ api }) => {
  const failing = ownedBy('new', pod('frontend-new', crash));
  script(api, deployment({ availableReplicas: 1 }), { pods: modified(failing) });
  const error = await rejection(waitForRollout(api.cluster(), frontend, { timeoutMs: ample }));
  expect(error).toBeInstanceOf(WaitError);
  expect(error.message).toBe(
    'Gave up waiting for the rollout of Deployment shop/frontend: ' +
      'Pod shop/frontend-new: container main is in CrashLoopBackOff',
  );
});

test('a rollout ends as soon as its pods cannot be created', async ({ api }) => {
  script(api, deployment({ updatedReplicas: 0 }), { replicaSets: modified(replicaSet('new', 5, refused)) });
  const error = await rejection(waitForRollout(api.cluster(), frontend, { timeoutMs: ample }));
  expect(error.message).toContain(`cannot create its pods: ${webhook}`);
});

test('what fails a rollout can be replaced', async ({ api }) => {
  const failing = ownedBy('new', pod('frontend-new', crash));
  script(api, deployment({ availableReplicas: 1 }), { pods: modified(failing) });
  const wait = waitForRollout(api.cluster(), frontend, { timeoutMs: 1_500, failFast: () => undefined });
  expect((await rejection(wait)).message).toBe(
    'Timed out after 1.5 s waiting for the rollout of Deployment shop/frontend; last seen: ' +
      '1 of 2 updated replicas are available; Pod shop/frontend-new is not ready (main)',
  );
});

test('a Deployment that is deleted meanwhile is not waited for', async ({ api }) => {
  script(api, deployment({ availableReplicas: 1 }), {
    workload: (_, answer) => answer.event('DELETED', deployment()),
  });
  const error = await rejection(waitForRollout(api.cluster(), frontend, { timeoutMs: ample }));
  expect(error.message).toBe('Deployment shop/frontend was deleted while it was rolled out.');
});

test('a Deployment that is not there is an error at once', async ({ api }) => {
  expect(await rejection(waitForRollout(api.cluster(), frontend, { timeoutMs: ample }))).toMatchObject({
    status: 404,
  });
});

test('a DaemonSet whose pods cannot be created fails by new events, not by those from before', async ({
  api,
}) => {
  const initial = daemonSet({ updatedNumberScheduled: 0 });
  const event = (name: string, resourceVersion: string, message: string) =>
    object('Event', name, { metadata: { name, resourceVersion }, reason: 'FailedCreate', message });
  api.on('GET', `${apps}/daemonsets/node`, (_, answer) => answer.json(initial));
  api.onWatch(`${apps}/daemonsets`, [oneOf(initial)], [silent]);
  api.onWatch(`${core}/pods`, [oneOf()], [silent]);
  api.onWatch(
    `${core}/events`,
    [oneOf(event('node.1', '10', 'put right since'))],
    [(_, answer) => answer.event('ADDED', event('node.2', '11', 'forbidden by quota'))],
  );
  const node = { namespace: 'shop', name: 'node', kind: 'DaemonSet' } as const;
  const error = await rejection(waitForRollout(api.cluster(), node, { timeoutMs: ample }));
  expect(error.message).toContain('DaemonSet shop/node cannot create its pods: forbidden by quota');
  expect(api.seen('GET', `${core}/events`)[0]?.query.fieldSelector).toBe('involvedObject.uid=s');
});

import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { StatusError } from '../../store/status-error.ts';
import { type Condition, conditionsOf, withCondition, withoutCondition } from '../conditions.ts';
import { warn } from '../events.ts';
import { isActive, isDeleted, isReady, podSpec } from '../pod.ts';
import { type ReplicaSet, type ReplicaSetStatus, withoutZeros } from '../rollout/deployment.ts';
import { type Controller, type ControllerContext, deleteObject, follow } from './controller.ts';
import { createPod } from './create-pod.ts';
import { claim, controllerOf } from './owners.ts';
import { retryOnChange } from './retry.ts';
import { type Outcome, WorkQueue } from './work-queue.ts';

const replicaSets = 'ReplicaSet.apps';
const failure = 'ReplicaFailure';

/** Keeps as many pods of each ReplicaSet as it asks for. */
export const replicaSetController: Controller = (context) => {
  const { store, timeScale } = context;
  const queue = new WorkQueue((name, namespace) => {
    const replicaSet = store.find(replicaSets, name, namespace) as ReplicaSet | undefined;
    return replicaSet && reconcile(context, replicaSet);
  }, timeScale);
  const ends = [
    follow(store, replicaSets, ({ metadata }) => queue.add(metadata.name, metadata.namespace)),
    follow(store, 'Pod', (pod) => {
      const owner = controllerOf(pod);
      if (owner?.kind === 'ReplicaSet') queue.add(owner.name, pod.metadata.namespace);
    }),
    retryOnChange(store, queue),
  ];
  return () => {
    for (const end of ends) end();
    queue.close();
  };
};

function reconcile(context: ControllerContext, replicaSet: ReplicaSet): Outcome {
  const { store } = context;
  let pods = claim(store, 'Pod', replicaSet).filter(isActive);
  const surplus = pods.length - (replicaSet.spec.replicas ?? 1);
  let refusal: StatusError | undefined;
  if (!isDeleted(replicaSet)) {
    if (surplus < 0) refusal = createPods(context, replicaSet, -surplus);
    for (const pod of pods.toSorted(byWorth).slice(0, Math.max(0, surplus))) deleteObject(context, pod);
    if (surplus !== 0) pods = claim(store, 'Pod', replicaSet).filter(isActive);
  }
  const { name, namespace } = replicaSet.metadata;
  const status = statusOf(replicaSet, pods, refusal);
  store.change(replicaSets, name, namespace, (draft) => {
    draft.status = status;
  });
  return refusal && 'again';
}

/** Creates pods until the API refuses one; gives back that refusal. */
function createPods(
  context: ControllerContext,
  replicaSet: ReplicaSet,
  count: number,
): StatusError | undefined {
  try {
    for (let left = count; left > 0; left--) {
      createPod(context, replicaSet, replicaSet.spec.template);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const message = `Error creating: ${error.message}`;
    warn(context.store, replicaSet, 'FailedCreate', message, 'replicaset-controller');
    return error;
  }
}

function statusOf(
  replicaSet: ReplicaSet,
  pods: readonly KubeObject[],
  refusal: StatusError | undefined,
): ReplicaSetStatus {
  const { generation } = replicaSet.metadata;
  const ready = pods.filter(isReady).length;
  const before = conditionsOf(replicaSet);
  const conditions = refusal === undefined ? withoutCondition(before, failure) : refused(before, refusal);
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    replicas: pods.length,
    ...withoutZeros({ fullyLabeledReplicas: pods.length, readyReplicas: ready, availableReplicas: ready }),
    ...(conditions.length > 0 && { conditions }),
  };
}

/**
 * A refusal says the name of the pod, another one each time; the first is kept, so that it is no news (Kubernetes
 * `pkg/controller/replicaset/replica_set_utils.go` SetCondition).
 */
function refused(conditions: readonly Condition[], { message }: StatusError): Condition[] {
  if (conditions.some(({ type, status }) => type === failure && status === 'True')) return [...conditions];
  return withCondition(conditions, { type: failure, status: 'True', reason: 'FailedCreate', message });
}

/** The pods that are worth least first (Kubernetes `pkg/controller/controller_utils.go`, `ActivePodsWithRanks`). */
function byWorth(a: KubeObject, b: KubeObject): number {
  const unassigned = (pod: KubeObject) => Number(podSpec(pod).nodeName !== undefined);
  const age = ({ metadata }: KubeObject) => metadata.creationTimestamp ?? '';
  return (
    unassigned(a) - unassigned(b) || Number(isReady(a)) - Number(isReady(b)) || age(b).localeCompare(age(a))
  );
}

import { timestamp } from '../../store/store.ts';
import { type Condition, conditionsOf, withCondition, withoutCondition } from '../conditions.ts';
import { type Deployment, type DeploymentStatus, type ReplicaSet, withoutZeros } from './deployment.ts';
import type { Bounds } from './sizes.ts';

/** How a Deployment came to its current ReplicaSet in the present look at it. */
export type Arrival = 'created' | 'found' | undefined;

/** A Deployment's status from those of its ReplicaSets (Kubernetes `pkg/controller/deployment/progress.go`). */
export function deploymentStatus(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  bounds: Bounds,
  arrival: Arrival,
): DeploymentStatus {
  const total = (count: (replicaSet: ReplicaSet) => number | undefined) =>
    all.reduce((sum, replicaSet) => sum + (count(replicaSet) ?? 0), 0);
  const available = total(({ status }) => status?.availableReplicas);
  const counts = {
    replicas: total(({ status }) => status?.replicas),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total(({ status }) => status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, total(({ spec }) => spec.replicas ?? 1) - available),
  };
  const wanted = deployment.spec.replicas ?? 1;
  let conditions = withCondition(
    conditionsOf(deployment),
    availability(available, wanted - bounds.unavailable),
  );
  const progress = progressOf(deployment, current, counts, arrival);
  if (progress !== undefined) conditions = withCondition(conditions, progress);
  const refusal = all.flatMap(conditionsOf).find(({ type }) => type === 'ReplicaFailure');
  conditions =
    refusal === undefined
      ? withoutCondition(conditions, 'ReplicaFailure')
      : withCondition(
          conditions,
          says('ReplicaFailure', refusal.status, refusal.reason ?? '', refusal.message ?? ''),
        );
  return {
    ...(deployment.metadata.generation !== undefined && {
      observedGeneration: deployment.metadata.generation,
    }),
    ...withoutZeros(counts),
    conditions,
  };
}

type Counts = Required<Omit<DeploymentStatus, 'observedGeneration' | 'conditions'>>;

function availability(available: number, least: number): Condition {
  return available >= least
    ? says('Available', 'True', 'MinimumReplicasAvailable', 'As many pods are available as must be.')
    : says('Available', 'False', 'MinimumReplicasUnavailable', 'Fewer pods are available than must be.');
}

function progressOf(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  counts: Counts,
  arrival: Arrival,
): Condition | undefined {
  if (current === undefined) return undefined;
  const progresses = (reason: string, what: string) =>
    says('Progressing', 'True', reason, `ReplicaSet "${current.metadata.name}" ${what}.`);
  if (arrival === 'created') return progresses('NewReplicaSetCreated', 'was created');
  if (arrival === 'found') return progresses('FoundNewReplicaSet', 'was there already');
  const { replicas, updatedReplicas, availableReplicas } = counts;
  const wanted = deployment.spec.replicas ?? 1;
  if ([replicas, updatedReplicas, availableReplicas].every((count) => count === wanted)) {
    return progresses('NewReplicaSetAvailable', 'has all its pods available');
  }
  // A rollout that is over stays so when its pods come and go.
  const before = conditionsOf(deployment).find(({ type }) => type === 'Progressing');
  if (before?.reason === 'NewReplicaSetAvailable' && replicas === updatedReplicas) return undefined;
  if (!madeProgress(deployment, counts)) return undefined;
  return progresses('ReplicaSetUpdated', 'is getting its pods');
}

function madeProgress({ status = {} }: Deployment, now: Counts): boolean {
  const before = { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0, ...status };
  return (
    now.updatedReplicas > before.updatedReplicas ||
    now.replicas - now.updatedReplicas < before.replicas - before.updatedReplicas ||
    now.readyReplicas > before.readyReplicas ||
    now.availableReplicas > before.availableReplicas
  );
}

function says(type: string, status: Condition['status'], reason: string, message: string): Condition {
  return { type, status, reason, message, lastUpdateTime: timestamp() };
}

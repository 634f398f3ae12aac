import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { isDeleted } from '../pod.ts';
import type { Deployment, ReplicaSet } from '../rollout/deployment.ts';
import {
  byAge,
  currentOf,
  newReplicaSet,
  revisionAnnotation,
  revisionAnnotations,
  revisionOf,
  sizeAnnotations,
} from '../rollout/revisions.ts';
import { type Bounds, boundsOf, nextSizes, type Revision } from '../rollout/sizes.ts';
import { type Arrival, deploymentStatus } from '../rollout/status.ts';
import { type Controller, type ControllerContext, deleteObject, fieldManager, follow } from './controller.ts';
import { claim, controllerOf } from './owners.ts';
import { WorkQueue } from './work-queue.ts';

const replicaSets = 'ReplicaSet.apps';
const deployments = 'Deployment.apps';

/** Keeps for each Deployment a ReplicaSet for its template, and moves pods from former ones to it. */
export const deploymentController: Controller = (context) => {
  const { store, timeScale } = context;
  const queue = new WorkQueue((name, namespace) => {
    const deployment = store.find(deployments, name, namespace) as Deployment | undefined;
    if (deployment !== undefined) reconcile(context, deployment);
    return undefined;
  }, timeScale);
  const lookAtOwner = (object: KubeObject) => {
    const owner = controllerOf(object);
    if (owner?.kind === 'Deployment') queue.add(owner.name, object.metadata.namespace);
  };
  const ends = [
    follow(store, deployments, ({ metadata }) => queue.add(metadata.name, metadata.namespace)),
    follow(store, replicaSets, lookAtOwner),
    // A Deployment that recreates its pods waits for the old ones to be gone, which no ReplicaSet tells.
    store.subscribe('Pod', ({ type, object }) => {
      const owner = type === 'DELETED' ? controllerOf(object) : undefined;
      const replicaSet = owner && store.find(replicaSets, owner.name, object.metadata.namespace);
      if (replicaSet !== undefined) lookAtOwner(replicaSet);
    }),
  ];
  return () => {
    for (const end of ends) end();
    queue.close();
  };
};

function reconcile(context: ControllerContext, deployment: Deployment): void {
  const { store } = context;
  const { spec } = deployment;
  const wanted = spec.replicas ?? 1;
  const bounds = boundsOf(spec.strategy ?? {}, wanted);
  const owned = byAge(claim(store, replicaSets, deployment) as ReplicaSet[]);
  if (isDeleted(deployment)) {
    writeStatus(context, deployment, currentOf(deployment, owned), bounds, undefined);
    return;
  }
  const recreates = spec.strategy?.type === 'Recreate';
  const existing = currentOf(deployment, owned);
  const old = owned.filter((replicaSet) => replicaSet !== existing);
  if (recreates && !spec.paused) {
    for (const replicaSet of old) resize(context, replicaSet, 0, wanted, bounds);
    if (old.some((replicaSet) => hasPods(context, replicaSet))) {
      writeStatus(context, deployment, existing, bounds, undefined);
      return;
    }
  }
  if (spec.paused) {
    if (existing !== undefined) resize(context, existing, wanted, wanted, bounds);
    writeStatus(context, deployment, existing, bounds, undefined);
    return;
  }
  const { current, arrival } = ensureCurrent(context, deployment, existing, old, recreates ? wanted : 0);
  const sizes = recreates
    ? { current: wanted, old: old.map(() => 0) }
    : nextSizes(wanted, bounds, revision(current), old.map(revision));
  resize(context, current, sizes.current, wanted, bounds);
  for (const [index, replicaSet] of old.entries()) {
    resize(context, replicaSet, sizes.old[index] ?? 0, wanted, bounds);
  }
  writeStatus(context, deployment, current, bounds, arrival);
  if (isOver(deployment, current)) forgetOldest(context, deployment, old);
}

/** The ReplicaSet of the present template with the highest revision; made when there is none. */
function ensureCurrent(
  { store, operations }: ControllerContext,
  deployment: Deployment,
  existing: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
  replicas: number,
): { current: ReplicaSet; arrival: Arrival } {
  const highest = Math.max(0, ...old.map(revisionOf));
  if (existing === undefined) {
    const made = newReplicaSet(deployment, replicas);
    made.metadata.annotations = revisionAnnotations(deployment, made, highest + 1);
    return { current: operations.create(made, { fieldManager }) as ReplicaSet, arrival: 'created' };
  }
  const wanted = Math.max(highest + 1, revisionOf(existing));
  const annotations = revisionAnnotations(deployment, existing, wanted);
  const { name, namespace } = existing.metadata;
  const current = store.change(replicaSets, name, namespace, ({ metadata }) => {
    metadata.annotations = annotations;
  }) as ReplicaSet;
  return { current, arrival: revisionOf(existing) === wanted ? undefined : 'found' };
}

function resize(
  { store }: ControllerContext,
  { metadata: { name, namespace } }: ReplicaSet,
  replicas: number,
  wanted: number,
  { surge }: Bounds,
): void {
  store.change(replicaSets, name, namespace, (draft) => {
    const { spec, metadata } = draft as ReplicaSet;
    const idle = spec.replicas === 0 && replicas === 0;
    spec.replicas = replicas;
    if (!idle) metadata.annotations = { ...metadata.annotations, ...sizeAnnotations(wanted, surge) };
  });
}

function writeStatus(
  { store }: ControllerContext,
  deployment: Deployment,
  current: ReplicaSet | undefined,
  bounds: Bounds,
  arrival: Arrival,
): void {
  const { name, namespace } = deployment.metadata;
  const all = store
    .list(replicaSets, namespace)
    .filter((object) => controllerOf(object)?.uid === deployment.metadata.uid) as ReplicaSet[];
  const now = all.find(({ metadata }) => metadata.uid === current?.metadata.uid);
  const status = deploymentStatus(deployment, now, all, bounds, arrival);
  store.change(deployments, name, namespace, (draft) => {
    draft.status = status;
    if (now === undefined) return;
    const { annotations } = draft.metadata;
    draft.metadata.annotations = { ...annotations, [revisionAnnotation]: String(revisionOf(now)) };
  });
}

/** Whether nothing is left to do, so that ReplicaSets that are no longer needed may go. */
function isOver(deployment: Deployment, current: ReplicaSet): boolean {
  return (current.status?.availableReplicas ?? 0) === (deployment.spec.replicas ?? 1);
}

function forgetOldest(context: ControllerContext, { spec }: Deployment, old: readonly ReplicaSet[]): void {
  const idle = old.filter(({ spec, status }) => spec.replicas === 0 && (status?.replicas ?? 0) === 0);
  const surplus = old.length - (spec.revisionHistoryLimit ?? 10);
  const oldest = idle.toSorted((a, b) => revisionOf(a) - revisionOf(b));
  for (const replicaSet of oldest.slice(0, Math.max(0, surplus))) deleteObject(context, replicaSet);
}

function hasPods({ store }: ControllerContext, { metadata }: ReplicaSet): boolean {
  return store.list('Pod', metadata.namespace).some((pod) => controllerOf(pod)?.uid === metadata.uid);
}

function revision({ spec, status }: ReplicaSet): Revision {
  return { replicas: spec.replicas ?? 1, available: status?.availableReplicas ?? 0 };
}

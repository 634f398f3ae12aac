import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isObject } from './json.ts';
import { keyOf, type ResourceType } from './resource-type.ts';
import { timestamp } from './store.ts';
import { finalizersOf } from './validation.ts';

export interface DeleteOptions {
  propagation?: 'Foreground' | 'Background' | 'Orphan' | undefined;
  /** Delete this very object only. */
  uid?: string | undefined;
  resourceVersion?: string | undefined;
  dryRun?: boolean | undefined;
  /** Of a Pod; what the Pod itself says when absent. */
  gracePeriodSeconds?: number | undefined;
}

// What a Pod gets that says nothing of its own.
const defaultGraceSeconds = 30;

/**
 * The object as it is while its deletion waits for someone: a finalizer, the kubelet that ends a Pod, or the
 * controller that empties a Namespace.
 *
 * @param ownsOthers whether a garbage collector has something to do before, or instead of, removing dependents.
 * @returns undefined when nothing has to be waited for.
 */
export function markedForDeletion(
  type: ResourceType,
  object: KubeObject,
  { propagation, gracePeriodSeconds }: DeleteOptions,
  ownsOthers: () => boolean,
): KubeObject | undefined {
  const finalizers = finalizersFor(finalizersOf(object), propagation, ownsOthers);
  const { finalizers: _, ...metadata } = object.metadata;
  const marked = { ...object, metadata: finalizers.length === 0 ? metadata : { ...metadata, finalizers } };
  if (keyOf(type) === 'Namespace') return terminating(marked);
  const grace = keyOf(type) === 'Pod' ? graceOf(object, gracePeriodSeconds) : 0;
  if (finalizers.length === 0 && grace === 0) return undefined;
  return withDeadline(marked, grace);
}

/** Whether an object goes with the update that made it so: it is being deleted and nothing holds it any more. */
export function isReleased(type: ResourceType, object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = object.metadata;
  return (
    deletionTimestamp !== undefined &&
    deletionGracePeriodSeconds === 0 &&
    finalizersOf(object).length === 0 &&
    keyOf(type) !== 'Namespace'
  );
}

function finalizersFor(
  present: readonly string[],
  propagation: DeleteOptions['propagation'],
  ownsOthers: () => boolean,
): string[] {
  if (propagation === undefined) return [...present];
  const others = present.filter((finalizer) => finalizer !== 'foregroundDeletion' && finalizer !== 'orphan');
  if (propagation === 'Background' || !ownsOthers()) return others;
  return [...others, propagation === 'Foreground' ? 'foregroundDeletion' : 'orphan'];
}

/**
 * How long a Pod may take, in seconds. One that runs nowhere, or no longer, has nothing to end; a later deletion can
 * only shorten the time (Kubernetes `pkg/registry/core/pod/strategy.go` and `apiserver/pkg/registry/rest/delete.go`).
 */
function graceOf(pod: KubeObject, wanted: number | undefined): number {
  const spec = isObject(pod.spec) ? pod.spec : {};
  const phase = isObject(pod.status) ? pod.status.phase : undefined;
  if (!spec.nodeName || phase === 'Succeeded' || phase === 'Failed') return 0;
  const asked = wanted ?? Number(spec.terminationGracePeriodSeconds ?? defaultGraceSeconds);
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  const grace = asked < 0 ? 1 : asked;
  return deletionTimestamp === undefined
    ? grace
    : Math.min(grace, Number(deletionGracePeriodSeconds ?? grace));
}

function withDeadline(object: KubeObject, grace: number): KubeObject {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = object.metadata;
  const asked =
    deletionTimestamp === undefined
      ? Date.now()
      : Date.parse(deletionTimestamp) - Number(deletionGracePeriodSeconds) * 1000;
  const deadline = timestamp(new Date(asked + grace * 1000));
  return {
    ...object,
    metadata: { ...object.metadata, deletionTimestamp: deadline, deletionGracePeriodSeconds: grace },
  };
}

function terminating(namespace: KubeObject): KubeObject {
  const { deletionTimestamp = timestamp() } = namespace.metadata;
  const status = isObject(namespace.status) ? namespace.status : {};
  return {
    ...namespace,
    metadata: { ...namespace.metadata, deletionTimestamp },
    status: { ...status, phase: 'Terminating' },
  };
}

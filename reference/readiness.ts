import type { KubeObject } from '../fixtures/cluster/objects.ts';
import type { Store } from './store/store.ts';

const workloads = ['Deployment.apps', 'DaemonSet.apps'] as const;

/** Waits until every workload of the store has all its pods ready. */
export function allAvailable(store: Store): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = () => {
    if (workloads.every((key) => store.list(key).every(isAvailable))) resolve();
  };
  const stops = workloads.map((key) => store.subscribe(key, check));
  check();
  return promise.finally(() => {
    for (const stop of stops) stop();
  });
}

function isAvailable({ metadata, spec, status = {} }: KubeObject): boolean {
  const { replicas = 1 } = spec as { replicas?: number };
  const { observedGeneration, availableReplicas, numberAvailable, desiredNumberScheduled } = status as {
    observedGeneration?: number;
    availableReplicas?: number;
    numberAvailable?: number;
    desiredNumberScheduled?: number;
  };
  if (observedGeneration !== metadata.generation) return false;
  if (desiredNumberScheduled !== undefined) return numberAvailable === desiredNumberScheduled;
  return replicas === 0 || availableReplicas === replicas;
}

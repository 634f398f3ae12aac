import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { isReady } from '../../../fixtures/cluster/pods.ts';
import type { Store } from '../../../reference/store/store.ts';

/**
 * Waits until all pods of a kind are ready.
 *
 * @param options.count how many there must be then; those being deleted count.
 */
export function ready(
  store: Store,
  wanted: (pod: KubeObject) => boolean,
  { count }: { count: number },
): Promise<void> {
  return until(store, 'Pod', () => {
    const pods = store.list('Pod').filter(wanted);
    return pods.length === count && pods.every(isReady);
  });
}

/** Waits until something holds that depends on the objects of one kind. */
export function until(store: Store, key: string, holds: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = () => {
    if (holds()) resolve();
  };
  const stop = store.subscribe(key, check);
  check();
  return promise.finally(stop);
}

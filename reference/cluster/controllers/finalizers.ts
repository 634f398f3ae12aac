import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { Store } from '../../store/store.ts';
import { isDeleted } from '../pod.ts';
import { keyOfStored } from './controller.ts';

export function finalizersOf({ metadata }: KubeObject): string[] {
  return (metadata.finalizers ?? []) as string[];
}

/** What is not gone with its last finalizer: someone has to stop, or clean up, what it stands for. */
const endedByOthers = new Set(['Pod', 'Namespace']);

/** Takes a finalizer from an object, which is the end of one that is being deleted and has no other. */
export function dropFinalizer(store: Store, object: KubeObject, finalizer: string): void {
  const key = keyOfStored(store, object);
  const { name, namespace } = object.metadata;
  const left = finalizersOf(object).filter((one) => one !== finalizer);
  if (left.length === 0 && isDeleted(object) && !endedByOthers.has(key)) {
    store.remove(key, name, namespace);
    return;
  }
  store.change(key, name, namespace, ({ metadata }) => {
    if (left.length === 0) delete metadata.finalizers;
    else metadata.finalizers = left;
  });
}

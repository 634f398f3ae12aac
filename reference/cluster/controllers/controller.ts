import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { Operations } from '../../store/operations.ts';
import type { KindKey, ResourceType } from '../../store/resource-type.ts';
import { keyOf } from '../../store/resource-type.ts';
import type { Store } from '../../store/store.ts';

/** What every controller works with. */
export interface ControllerContext {
  store: Store;
  operations: Operations;
  /** What long pauses are multiplied by. */
  timeScale: number;
}

/** Starts a controller; gives back what ends it. */
export type Controller = (context: ControllerContext) => () => void;

/** As whom controllers write. */
export const fieldManager = 'kube-controller-manager';

/** Calls for each object that is there now, and for every one that is added, changed or deleted from now on. */
export function follow(store: Store, key: KindKey, look: (object: KubeObject) => void): () => void {
  const end = store.subscribe(key, ({ object }) => look(object));
  for (const object of store.list(key)) look(object);
  return end;
}

/**
 * The type of an object that is stored.
 *
 * @throws when its kind is not one of the store's.
 */
export function typeOfStored(store: Store, object: Pick<KubeObject, 'apiVersion' | 'kind'>): ResourceType {
  const type = store.typeOf(object.apiVersion, object.kind);
  if (type === undefined) throw new Error(`The store has no kind ${object.kind} in ${object.apiVersion}.`);
  return type;
}

export function keyOfStored(store: Store, object: KubeObject): KindKey {
  return keyOf(typeOfStored(store, object));
}

/** Deletes an object as a controller does; nothing happens when it is gone or on its way. */
export function deleteObject(
  { store, operations }: Pick<ControllerContext, 'store' | 'operations'>,
  object: KubeObject,
  propagation: 'Background' | 'Foreground' = 'Background',
): void {
  const type = typeOfStored(store, object);
  const { name, namespace, uid } = object.metadata;
  const current = store.find(keyOf(type), name, namespace);
  if (current === undefined || current.metadata.uid !== uid) return;
  if (current.metadata.deletionTimestamp !== undefined) return;
  operations.delete(type, name, namespace, { propagation });
}

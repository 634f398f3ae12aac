import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { KindKey } from '../store/resource-type.ts';
import type { Store } from '../store/store.ts';

/**
 * The objects of a kind as they were at a revision, by namespace, then name: what is there now, with everything
 * that happened since taken back.
 *
 * @throws StatusError Expired when the store does not remember that far.
 */
export function snapshotAt(
  store: Store,
  key: KindKey,
  namespace: string | undefined,
  revision: number,
): KubeObject[] {
  const now = store.list(key, namespace);
  const undone = store
    .since(revision)
    .filter(({ key: changed, object }) => changed === key && isIn(object, namespace))
    .reverse();
  if (undone.length === 0) return now;
  const objects = new Map(now.map((object) => [placeOf(object), object]));
  for (const { object, previous } of undone) {
    if (previous === undefined) objects.delete(placeOf(object));
    else objects.set(placeOf(object), previous);
  }
  return [...objects.values()].sort((one, other) => comparePlaces(placeOf(one), placeOf(other)));
}

export function isIn(object: KubeObject, namespace: string | undefined): boolean {
  return namespace === undefined || object.metadata.namespace === namespace;
}

// A character that sorts before all that names may have, so that places sort by namespace, then name.
const separator = '\u0000';

/** Where an object stands in the order of a list. */
export function placeOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}${separator}${name}`;
}

export function comparePlaces(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

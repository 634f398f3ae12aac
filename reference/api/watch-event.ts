import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { StoreEvent } from '../store/store.ts';
import type { Selection } from './selection.ts';
import { isIn } from './snapshot.ts';

/** What a watcher sees of a change. */
export interface SeenEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
}

/**
 * What a watcher of a selection sees of a change: to it, an object that starts to match is added and one that stops
 * is deleted, as it was when it matched last but at the revision of the change.
 *
 * @returns undefined when it sees nothing of it.
 */
export function seenBy(selection: Selection, event: StoreEvent): SeenEvent | undefined {
  const { key, object, previous, revision } = event;
  if (key !== selection.key || !isIn(object, selection.namespace)) return undefined;
  const before = event.type !== 'ADDED' && selection.matches(previous ?? object);
  const after = event.type !== 'DELETED' && selection.matches(object);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', object };
  if (!before) return undefined;
  if (event.type === 'DELETED') return { type: 'DELETED', object };
  const last = previous ?? object;
  return {
    type: 'DELETED',
    object: { ...last, metadata: { ...last.metadata, resourceVersion: String(revision) } },
  };
}

import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { KindKey } from '../../store/resource-type.ts';
import { keyOf } from '../../store/resource-type.ts';
import type { Store, StoreEvent } from '../../store/store.ts';
import { ownersOf } from './owners.ts';

interface Place {
  key: KindKey;
  name: string;
  namespace: string | undefined;
}

/** Who owns whom, by uid, kept up to date from the store's events. */
export class Ownership {
  private readonly store: Store;
  private readonly places = new Map<string, Place>();
  private readonly dependents = new Map<string, Set<string>>();

  constructor(store: Store) {
    this.store = store;
    for (const type of store.types) {
      const key = keyOf(type);
      for (const object of store.list(key)) this.learn({ type: 'ADDED', key, object, revision: 0 });
    }
  }

  learn({ type, key, object, previous }: StoreEvent): void {
    const { uid = '', name, namespace } = object.metadata;
    if (type === 'DELETED') this.places.delete(uid);
    else this.places.set(uid, { key, name, namespace });
    for (const owner of previous === undefined ? [] : ownersOf(previous)) this.forget(owner.uid, uid);
    if (type === 'DELETED') return;
    for (const owner of ownersOf(object)) {
      const known = this.dependents.get(owner.uid) ?? new Set();
      this.dependents.set(owner.uid, known.add(uid));
    }
  }

  /** The object with a uid, while it is there. */
  find(uid: string): KubeObject | undefined {
    const place = this.places.get(uid);
    const object = place && this.store.find(place.key, place.name, place.namespace);
    return object?.metadata.uid === uid ? object : undefined;
  }

  dependentsOf(uid: string): KubeObject[] {
    return [...(this.dependents.get(uid) ?? [])].flatMap((dependent) => this.find(dependent) ?? []);
  }

  private forget(owner: string, dependent: string): void {
    const known = this.dependents.get(owner);
    known?.delete(dependent);
    if (known?.size === 0) this.dependents.delete(owner);
  }
}

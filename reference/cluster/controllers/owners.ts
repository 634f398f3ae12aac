import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { KindKey } from '../../store/resource-type.ts';
import { type LabelSelector, matchesLabelSelector } from '../../store/selectors.ts';
import type { Store } from '../../store/store.ts';
import { isDeleted } from '../pod.ts';

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export function ownersOf({ metadata }: KubeObject): OwnerReference[] {
  return (metadata.ownerReferences ?? []) as OwnerReference[];
}

/** The one owner that manages an object. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return ownersOf(object).find(({ controller }) => controller === true);
}

/** The reference by which a controller marks what it manages. */
export function controlledBy({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  const { name, uid = '' } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/**
 * The objects of a kind that an owner manages. Those that its selector matches and no one manages become its own, as
 * with Kubernetes (`pkg/controller/controller_ref_manager.go`).
 */
export function claim(store: Store, key: KindKey, owner: KubeObject): KubeObject[] {
  const { selector } = owner.spec as { selector?: LabelSelector };
  const { namespace, uid } = owner.metadata;
  return store.list(key, namespace).flatMap((object) => {
    const controller = controllerOf(object);
    if (controller !== undefined) return controller.uid === uid ? [object] : [];
    if (isDeleted(owner) || isDeleted(object)) return [];
    if (!matchesLabelSelector(selector, object.metadata.labels)) return [];
    const adopted = store.change(key, object.metadata.name, namespace, ({ metadata }) => {
      metadata.ownerReferences = [...(metadata.ownerReferences ?? []), controlledBy(owner)];
    });
    return adopted ?? [];
  });
}

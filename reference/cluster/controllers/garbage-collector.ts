import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { keyOf } from '../../store/resource-type.ts';
import { isDeleted } from '../pod.ts';
import { type Controller, type ControllerContext, deleteObject, keyOfStored } from './controller.ts';
import { dropFinalizer, finalizersOf } from './finalizers.ts';
import { type OwnerReference, ownersOf } from './owners.ts';
import { Ownership } from './ownership.ts';
import { WorkQueue } from './work-queue.ts';

/** On an object that goes after everything it owns. */
const foreground = 'foregroundDeletion';
/** On an object that leaves behind what it owns. */
const orphan = 'orphan';

/** Deletes what has lost all its owners (Kubernetes `pkg/controller/garbagecollector/garbagecollector.go`). */
export const garbageCollector: Controller = (context) => {
  const { store, timeScale } = context;
  const ownership = new Ownership(store);
  const queue = new WorkQueue((uid) => {
    const object = ownership.find(uid);
    if (object !== undefined) collect(context, ownership, object);
    return undefined;
  }, timeScale);
  const look = (object: KubeObject) => {
    const { uid = '' } = object.metadata;
    if (ownersOf(object).length > 0 || isDeleted(object)) queue.add(uid, undefined);
  };
  const end = store.subscribe(undefined, (event) => {
    const { type, object } = event;
    ownership.learn(event);
    look(object);
    if (type !== 'DELETED') return;
    for (const dependent of ownership.dependentsOf(object.metadata.uid ?? '')) look(dependent);
    for (const owner of ownersOf(object)) queue.add(owner.uid, undefined);
  });
  for (const type of store.types) for (const object of store.list(keyOf(type))) look(object);
  return () => {
    end();
    queue.close();
  };
};

function collect(context: ControllerContext, ownership: Ownership, object: KubeObject): void {
  const { store } = context;
  const dependents = ownership.dependentsOf(object.metadata.uid ?? '');
  if (isDeleted(object)) {
    const finalizers = finalizersOf(object);
    if (finalizers.includes(orphan)) release(context, object, dependents);
    else if (finalizers.includes(foreground)) {
      const blocking = dependents.filter((dependent) => isBlocking(dependent, object));
      if (blocking.length === 0) dropFinalizer(store, object, foreground);
      for (const dependent of blocking) {
        if (!isDeleted(dependent)) collect(context, ownership, dependent);
      }
    }
    return;
  }
  const owners = ownersOf(object);
  if (owners.length === 0) return;
  const present = owners.filter(({ uid }) => ownership.find(uid) !== undefined);
  const waiting = present.filter(({ uid }) => isWaiting(ownership.find(uid)));
  const solid = present.filter((owner) => !waiting.includes(owner));
  if (solid.length === owners.length) return;
  if (solid.length > 0) keepOwners(context, object, solid);
  else
    deleteObject(context, object, waiting.length > 0 && dependents.length > 0 ? 'Foreground' : 'Background');
}

function release(context: ControllerContext, object: KubeObject, dependents: readonly KubeObject[]): void {
  for (const dependent of dependents) {
    const others = ownersOf(dependent).filter(({ uid }) => uid !== object.metadata.uid);
    keepOwners(context, dependent, others);
  }
  dropFinalizer(context.store, object, orphan);
}

function keepOwners({ store }: ControllerContext, object: KubeObject, owners: OwnerReference[]): void {
  const { name, namespace } = object.metadata;
  store.change(keyOfStored(store, object), name, namespace, ({ metadata }) => {
    if (owners.length === 0) delete metadata.ownerReferences;
    else metadata.ownerReferences = owners;
  });
}

/** It is being deleted, and waits for what it owns. */
function isWaiting(owner: KubeObject | undefined): boolean {
  return owner !== undefined && isDeleted(owner) && finalizersOf(owner).includes(foreground);
}

function isBlocking(dependent: KubeObject, owner: KubeObject): boolean {
  return ownersOf(dependent).some(
    ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion === true,
  );
}

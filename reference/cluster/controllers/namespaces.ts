import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { keyOf } from '../../store/resource-type.ts';
import type { Store } from '../../store/store.ts';
import { isDeleted } from '../pod.ts';
import { type Controller, type ControllerContext, deleteObject, follow } from './controller.ts';
import { finalizersOf } from './finalizers.ts';
import { WorkQueue } from './work-queue.ts';

/** Empties namespaces that are being deleted, and lets them go when nothing is left in them. */
export const namespaceController: Controller = (context) => {
  const { store, timeScale } = context;
  const queue = new WorkQueue((name) => {
    const namespace = store.find('Namespace', name);
    if (namespace !== undefined && isDeleted(namespace)) empty(context, namespace);
    return undefined;
  }, timeScale);
  const ends = [
    follow(store, 'Namespace', ({ metadata }) => queue.add(metadata.name, undefined)),
    store.subscribe(undefined, ({ object }) => {
      const { namespace } = object.metadata;
      const within = namespace === undefined ? undefined : store.find('Namespace', namespace);
      if (within !== undefined && isDeleted(within)) queue.add(within.metadata.name, undefined);
    }),
  ];
  return () => {
    for (const end of ends) end();
    queue.close();
  };
};

function empty(context: ControllerContext, namespace: KubeObject): void {
  const { store } = context;
  const { name } = namespace.metadata;
  const phase = (namespace.status as { phase?: string } | undefined)?.phase;
  if (phase !== 'Terminating') {
    store.change('Namespace', name, undefined, (draft) => {
      draft.status = { ...(draft.status as object | undefined), phase: 'Terminating' };
    });
  }
  for (const object of contentOf(store, name)) deleteObject(context, object);
  if (contentOf(store, name).length === 0 && finalizersOf(namespace).length === 0) {
    store.remove('Namespace', name);
  }
}

function contentOf(store: Store, namespace: string): KubeObject[] {
  return store.types
    .filter(({ namespaced }) => namespaced)
    .flatMap((type) => store.list(keyOf(type), namespace));
}

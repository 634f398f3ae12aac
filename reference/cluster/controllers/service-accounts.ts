import { isDeleted } from '../pod.ts';
import { type Controller, follow } from './controller.ts';
import { WorkQueue } from './work-queue.ts';

const name = 'default';

/** Gives every namespace the service account that its pods have when they ask for none. */
export const serviceAccountController: Controller = ({ store, timeScale }) => {
  const queue = new WorkQueue((namespace) => {
    const within = store.find('Namespace', namespace);
    if (within === undefined || isDeleted(within)) return undefined;
    if (store.find('ServiceAccount', name, namespace) !== undefined) return undefined;
    store.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
    return undefined;
  }, timeScale);
  const ends = [
    follow(store, 'Namespace', ({ metadata }) => queue.add(metadata.name, undefined)),
    store.subscribe('ServiceAccount', ({ type, object }) => {
      if (type === 'DELETED') queue.add(object.metadata.namespace ?? '', undefined);
    }),
  ];
  return () => {
    for (const end of ends) end();
    queue.close();
  };
};

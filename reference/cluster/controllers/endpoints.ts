import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { KindKey } from '../../store/resource-type.ts';
import type { Store } from '../../store/store.ts';
import { isDeleted } from '../pod.ts';
import { endpointsAmong, selects, serviceSpec } from '../service.ts';
import { type Controller, follow } from './controller.ts';
import { endpointSlices, endpointsObject } from './endpoint-groups.ts';
import { WorkQueue } from './work-queue.ts';

const slices = 'EndpointSlice.discovery.k8s.io';

/** Keeps the Endpoints and EndpointSlices of services that select pods. */
export const endpointsController: Controller = ({ store, timeScale }) => {
  const queue = new WorkQueue((name, namespace) => {
    const service = store.find('Service', name, namespace);
    if (service === undefined) store.remove('Endpoints', name, namespace);
    else reconcile(store, service);
    return undefined;
  }, timeScale);
  const lookAtServicesOf = (pod: KubeObject) => {
    for (const service of store.list('Service', pod.metadata.namespace)) {
      if (selects(service, pod)) queue.add(service.metadata.name, service.metadata.namespace);
    }
  };
  const ends = [
    follow(store, 'Service', ({ metadata }) => queue.add(metadata.name, metadata.namespace)),
    store.subscribe('Pod', ({ object, previous }) => {
      lookAtServicesOf(object);
      if (previous !== undefined) lookAtServicesOf(previous);
    }),
  ];
  return () => {
    for (const end of ends) end();
    queue.close();
  };
};

function reconcile(store: Store, service: KubeObject): void {
  const { name, namespace = '' } = service.metadata;
  const within = store.find('Namespace', namespace);
  if (serviceSpec(service).selector === undefined || isDeleted(service)) return;
  if (within !== undefined && isDeleted(within)) return;
  const endpoints = endpointsAmong(service, store.list('Pod', namespace));
  put(store, 'Endpoints', endpointsObject(service, endpoints));
  const wanted = endpointSlices(service, endpoints);
  for (const slice of wanted) put(store, slices, slice);
  const names = new Set(wanted.map(({ metadata }) => metadata.name));
  for (const { metadata } of store.list(slices, namespace)) {
    const ours = metadata.labels?.['kubernetes.io/service-name'] === name;
    if (ours && !names.has(metadata.name)) store.remove(slices, metadata.name, namespace);
  }
}

/** Makes an object be as it is wanted. */
function put(store: Store, key: KindKey, wanted: KubeObject): void {
  const { name, namespace } = wanted.metadata;
  if (store.find(key, name, namespace) === undefined) store.create(wanted);
  else store.update(wanted);
}

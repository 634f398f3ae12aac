import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { type AdmissionPlugin, Operations } from '../../../reference/store/operations.ts';
import type { ResourceType } from '../../../reference/store/resource-type.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { StatusError } from '../../../reference/store/status-error.ts';
import { Store } from '../../../reference/store/store.ts';

/** A store with the namespace `shop`, and the operations on it. */
export function world(plugins: AdmissionPlugin[] = []): { store: Store; operations: Operations } {
  const store = new Store(resourceTypes);
  store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  return { store, operations: new Operations(store, plugins) };
}

export function typeOf(kind: string, group = ''): ResourceType {
  return resourceTypes.find((type) => type.kind === kind && type.group === group)!;
}

export const types = {
  configMap: typeOf('ConfigMap'),
  deployment: typeOf('Deployment', 'apps'),
  gateway: typeOf('Gateway', 'networking.istio.io'),
  namespace: typeOf('Namespace'),
  pod: typeOf('Pod'),
  policy: typeOf('GlobalNetworkPolicy', 'projectcalico.org'),
  service: typeOf('Service'),
};

export function configMap(name: string, data: Record<string, string> = {}, namespace = 'shop'): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

export function deployment(spec: Record<string, unknown>, name = 'web'): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' }, spec };
}

export function pod(spec: Record<string, unknown>, name = 'web'): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec };
}

/** What a refused call says. */
export function refusal(call: () => unknown): StatusError {
  try {
    call();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

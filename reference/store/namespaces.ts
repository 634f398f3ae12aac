import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { keyOf, type ResourceType } from './resource-type.ts';
import { forbiddenObject, notFound } from './status-error.ts';
import type { Store } from './store.ts';

/**
 * Lets new objects only into namespaces that are there to stay (Kubernetes
 * `apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go`).
 *
 * @throws StatusError NotFound or Forbidden.
 */
export function checkNamespace(store: Store, type: ResourceType, { metadata }: KubeObject): void {
  const namespaces = store.types.find((each) => keyOf(each) === 'Namespace');
  const { name, namespace } = metadata;
  if (!type.namespaced || namespace === undefined || namespaces === undefined) return;
  const found = store.find('Namespace', namespace);
  if (found === undefined) throw notFound(namespaces, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbiddenObject(type, name, why, [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ]);
}

const protectedNamespaces = new Set(['default', 'kube-system', 'kube-public']);

/** @throws StatusError Forbidden for a namespace that a cluster cannot be without. */
export function checkNotProtected(type: ResourceType, name: string): void {
  if (keyOf(type) !== 'Namespace' || !protectedNamespaces.has(name)) return;
  throw forbiddenObject(type, name, 'this namespace may not be deleted');
}

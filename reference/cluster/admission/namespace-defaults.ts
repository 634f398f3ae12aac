import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { AdmissionPlugin } from '../../store/operations.ts';

const nameLabel = 'kubernetes.io/metadata.name';

/** A namespace with the label that selectors know it by, which cannot be taken off. */
export function withNamespaceDefaults(namespace: KubeObject): KubeObject {
  const { metadata } = namespace;
  return {
    ...namespace,
    metadata: { ...metadata, labels: { ...metadata.labels, [nameLabel]: metadata.name } },
    spec: { finalizers: ['kubernetes'], ...(namespace.spec as object | undefined) },
    status: namespace.status ?? { phase: 'Active' },
  };
}

export const namespaceDefaults: AdmissionPlugin = {
  mutate: ({ object, type, operation }) =>
    type.group === '' && type.kind === 'Namespace' && operation !== 'DELETE'
      ? withNamespaceDefaults(object)
      : object,
};

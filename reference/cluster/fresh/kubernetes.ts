import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { withNamespaceDefaults } from '../admission/namespace-defaults.ts';
import { withServiceDefaults } from '../admission/service-defaults.ts';

/** What Kubernetes itself brings, beside its nodes. */
export function kubernetesObjects(): KubeObject[] {
  const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'].map((name) =>
    withNamespaceDefaults({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  );
  const address = '10.96.0.1';
  const service: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: withServiceDefaults({
      clusterIP: address,
      clusterIPs: [address],
      ports: [{ name: 'https', port: 443, targetPort: 6443 }],
    }),
  };
  return [...namespaces, service];
}

import { stringify } from 'yaml';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { versions } from '../../reference/versions.ts';
import { shopObjects } from '../../reference/workloads/shop/objects.ts';

/** Small manifests in the place of the released ones: what of them is changed, with kinds that the reference mesh has. */
export const calicoConfig: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'calico-config', namespace: 'kube-system' },
  data: {
    calico_backend: 'bird',
    cni_network_config: '{ "mtu": __CNI_MTU__, "ipam": { "type": "calico-ipam" } }',
  },
};

export function calicoNode(probe?: object): KubeObject {
  const labels = { 'k8s-app': 'calico-node' };
  const env = [
    { name: 'DATASTORE_TYPE', value: 'kubernetes' },
    { name: 'NODENAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    { name: 'IP', value: 'autodetect' },
    { name: 'CALICO_IPV4POOL_IPIP', value: 'Always' },
    { name: 'CALICO_IPV4POOL_VXLAN', value: 'Never' },
  ];
  const container = { name: 'calico-node', image: 'quay.io/calico/node:v3.32.1', env, ...probe };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'calico-node', namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { hostNetwork: true, serviceAccountName: 'calico-node', containers: [container] },
      },
    },
  };
}

export function deployment(
  name: string,
  image: string,
  { namespace = 'kube-system', env = [] }: { namespace?: string; env?: object[] } = {},
): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image, env }] } },
    },
  };
}

const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'tiers.projectcalico.org', labels: { from: 'manifest' } },
};

/** By their paths in Calico's repository. kind's own control plane brings the cluster's DNS; here Calico's does. */
export const calicoManifests: Record<string, string> = {
  'manifests/calico-v3-crds.yaml': documents([
    calicoNode(),
    calicoConfig,
    definition,
    deployment('calico-webhooks', 'quay.io/calico/webhooks:v3.32.1'),
    deployment('coredns', 'registry.k8s.io/coredns/coredns:v1.12.1'),
  ]),
  'manifests/csi-driver.yaml': documents([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'calico-system' } },
    { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: 'csi.tigera.io' } },
  ]),
};

/** The shop that the reference mesh has already. */
export const boutiqueManifest = documents(shopObjects(versions.boutique));

export function documents(objects: readonly object[]): string {
  return objects.map((object) => stringify(object)).join('---\n');
}

import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { withDaemonSetDefaults, withDeploymentDefaults } from '../admission/workload-defaults.ts';
import type { PodSpec } from '../pod.ts';

const namespace = 'kube-system';
const driver = 'csi.tigera.io';
const apiVersion = 'projectcalico.org/v3';

/**
 * Calico as its manifests install it, with the CSI driver of `manifests/csi-driver.yaml`.
 *
 * @param release such as `v3.32.1`, which its images are tagged with.
 */
export function calicoObjects(release: string, nodeNames: readonly string[]): KubeObject[] {
  const image = (name: string) => `quay.io/calico/${name}:${release}`;
  return [
    ...accounts(['calico-node', 'calico-kube-controllers', 'csi-node-driver']),
    withDaemonSetDefaults(
      workload('DaemonSet', 'calico-node', {
        hostNetwork: true,
        serviceAccountName: 'calico-node',
        containers: [{ name: 'calico-node', image: image('node') }],
      }),
    ),
    withDeploymentDefaults(
      workload('Deployment', 'calico-kube-controllers', {
        serviceAccountName: 'calico-kube-controllers',
        containers: [{ name: 'calico-kube-controllers', image: image('kube-controllers') }],
      }),
    ),
    withDaemonSetDefaults(
      workload('DaemonSet', 'csi-node-driver', {
        serviceAccountName: 'csi-node-driver',
        containers: [
          { name: 'calico-csi', image: image('csi') },
          { name: 'csi-node-driver-registrar', image: image('node-driver-registrar') },
        ],
      }),
    ),
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: driver },
      spec: { attachRequired: false, podInfoOnMount: true, volumeLifecycleModes: ['Ephemeral'] },
    },
    ...nodeNames.map((name) => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name },
      spec: { drivers: [{ name: driver, nodeID: name, topologyKeys: null }] },
    })),
    {
      apiVersion,
      kind: 'ClusterInformation',
      metadata: { name: 'default' },
      spec: { calicoVersion: release, clusterType: 'k8s', datastoreReady: true },
    },
    { apiVersion, kind: 'FelixConfiguration', metadata: { name: 'default' }, spec: {} },
    {
      apiVersion,
      kind: 'Tier',
      metadata: { name: 'default' },
      spec: { order: 1_000_000, defaultAction: 'Deny' },
    },
  ];
}

function workload(kind: 'Deployment' | 'DaemonSet', name: string, spec: PodSpec): KubeObject {
  const labels = { 'k8s-app': name };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, labels },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

function accounts(names: readonly string[]): KubeObject[] {
  return names.map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }));
}

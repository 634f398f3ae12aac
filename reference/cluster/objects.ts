import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { calicoObjects } from './fresh/calico.ts';
import { defaultRoles } from './fresh/default-roles.ts';
import { type CalicoApi, definitions } from './fresh/definitions.ts';
import { kubernetesObjects } from './fresh/kubernetes.ts';
import { nodeNames, nodes } from './fresh/nodes.ts';

export interface ClusterReleases {
  /** Such as `v1.34.4`. */
  kubernetes: string;
  /** Such as `v3.32.1`. */
  calico: string;
  calicoApi: CalicoApi;
}

/**
 * What a cluster has before Istio and the shop come: two nodes, Kubernetes' own objects, and Calico. They are whole,
 * with their defaults and their status, to be put into a store as they are, in this order.
 */
export function freshCluster({ kubernetes, calico, calicoApi }: ClusterReleases): KubeObject[] {
  return [
    ...nodes(kubernetes),
    ...kubernetesObjects(),
    ...defaultRoles(),
    ...definitions(calicoApi),
    ...calicoObjects(calico, nodeNames),
  ];
}

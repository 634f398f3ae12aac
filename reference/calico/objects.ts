import type { KubeObject } from '../../fixtures/cluster/objects.ts';

/** What Calico reads objects from, as the store gives them. */
export interface ObjectSource {
  list: (key: string) => KubeObject[];
  subscribe: (key: string | undefined, listener: (event: ObjectEvent) => void) => () => void;
}

export interface ObjectEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  key: string;
  object: KubeObject;
}

/** The objects of one kind, now. */
export type ListObjects = (key: string) => Iterable<KubeObject>;

/** The kinds that are policies, and what a policy of each is called. */
export const policyKinds = {
  'GlobalNetworkPolicy.projectcalico.org': 'GlobalNetworkPolicy',
  'NetworkPolicy.projectcalico.org': 'NetworkPolicy',
  'NetworkPolicy.networking.k8s.io': 'KubernetesNetworkPolicy',
  'StagedGlobalNetworkPolicy.projectcalico.org': 'StagedGlobalNetworkPolicy',
  'StagedNetworkPolicy.projectcalico.org': 'StagedNetworkPolicy',
  'StagedKubernetesNetworkPolicy.projectcalico.org': 'StagedKubernetesNetworkPolicy',
} as const;

export const felixConfigurationKey = 'FelixConfiguration.projectcalico.org';

/** All kinds that Felix watches here. */
export const watchedKinds: readonly string[] = [
  ...Object.keys(policyKinds),
  'Tier.projectcalico.org',
  'GlobalNetworkSet.projectcalico.org',
  'NetworkSet.projectcalico.org',
  felixConfigurationKey,
  'Pod',
  'Namespace',
  'ServiceAccount',
];

/** `namespace/name`, or the name alone of a cluster-wide object. */
export function placeOf({ metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

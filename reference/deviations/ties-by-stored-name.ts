import type { PolicyKind, PolicyRank } from '../calico/policy.ts';
import { orderRules } from '../calico/rules/order.ts';
import { deviation } from './deviation.ts';

export const tiesByStoredName = deviation({
  name: 'ties-by-stored-name',
  product: 'calico',
  versions: '>=3.24.0-0 <3.32.0-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.31.7/felix/calc/policy_sorter.go#L317',
  story:
    'Policies of the same order go by the names they are stored by, which begin with their namespace and tier: `default.x` comes before `shop/default.a`, and that before `shop/knp.default.a`, a NetworkPolicy of Kubernetes.',
  rules: {
    comparePolicies: (one: PolicyRank, other: PolicyRank): number =>
      orderRules.comparePolicies({ ...one, name: storedName(one) }, { ...other, name: storedName(other) }),
  },
});

const kubernetes: readonly PolicyKind[] = ['KubernetesNetworkPolicy', 'StagedKubernetesNetworkPolicy'];

function storedName({ kind, name, namespace, tier }: PolicyRank): string {
  const prefix = kubernetes.includes(kind) ? 'knp.default.' : `${tier}.`;
  const prefixed = name.startsWith(prefix) ? name : `${prefix}${name}`;
  return namespace === undefined ? prefixed : `${namespace}/${prefixed}`;
}

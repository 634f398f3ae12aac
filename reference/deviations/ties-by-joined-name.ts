import type { PolicyRank } from '../calico/policy.ts';
import { orderRules } from '../calico/rules/order.ts';
import { deviation } from './deviation.ts';

export const tiesByJoinedName = deviation({
  name: 'ties-by-joined-name',
  product: 'calico',
  versions: '>=3.32.0-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.32.1/felix/calc/policy_sorter.go#L388',
  story:
    'Policies of the same order go by name, namespace and kind joined with slashes, so that a name comes after a longer one that goes on with a hyphen or a dot: `web-api` before `web`.',
  rules: {
    comparePolicies: (one: PolicyRank, other: PolicyRank): number =>
      orderRules.comparePolicies({ ...one, name: joinedName(one) }, { ...other, name: joinedName(other) }),
  },
});

function joinedName({ name, namespace = '', kind }: PolicyRank): string {
  return `${name}/${namespace}/${kind}`;
}

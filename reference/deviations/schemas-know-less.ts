import { deviation } from './deviation.ts';

export const schemasKnowLess = deviation({
  name: 'schemas-know-less',
  product: 'calico',
  versions: '>=3.32.0-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.32.1/api/pkg/apis/projectcalico/v3/policy_common.go#L36-L111',
  story:
    'As custom resources policies are checked by their schemas alone, which know less than the API server of earlier releases: HTTP clauses for egress, paths that are none, methods listed twice and selectors that do not parse are accepted.',
  rules: { checksPolicies: () => false },
});

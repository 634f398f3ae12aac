import { deviation } from './deviation.ts';

export const httpClausesWithoutLimits = deviation({
  name: 'http-clauses-without-limits',
  product: 'calico',
  versions: '<3.32.0-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.31.7/api/pkg/apis/projectcalico/v3/policy_common.go',
  story:
    'A rule may list any number of methods and paths, of any length: the limits came with 3.32.0, and are promised since.',
  rules: { limitsHttpClauses: () => false },
});

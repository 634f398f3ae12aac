import type { HttpMatch } from '../calico/policy.ts';
import { deviation } from './deviation.ts';

export const pathRuleClosesTcp = deviation({
  name: 'path-rule-closes-tcp',
  product: 'calico',
  versions: '>=3.24.0-0 <3.30.0-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.24.1/app-policy/checker/match.go#L235',
  story:
    'On a connection without HTTP, a rule with paths ends the evaluation as invalid, so that no later rule can allow it; a rule for all methods matches it.',
  rules: {
    httpMatchesConnection: ({ methods = [], paths = [] }: HttpMatch): boolean | 'invalid' => {
      if (methods.length > 0 && !methods.includes('*')) return false;
      return paths.length > 0 ? 'invalid' : true;
    },
  },
});

import type { HttpMatch } from '../calico/policy.ts';
import { deviation } from './deviation.ts';

export const httpRuleMatchesTcp = deviation({
  name: 'http-rule-matches-tcp',
  product: 'calico',
  versions: '>=3.30.0-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.32.1/app-policy/checker/match.go#L277',
  story:
    'A rule with an HTTP clause matches connections on which no HTTP is spoken, whatever the clause says.',
  rules: {
    httpMatchesConnection: (_http: HttpMatch): boolean | 'invalid' => true,
  },
});

import type { Layer } from '../calico/policy.ts';
import { entityRules } from '../calico/rules/entity.ts';
import { deviation } from './deviation.ts';

export const ipVersionIgnored = deviation({
  name: 'ip-version-ignored',
  product: 'calico',
  versions: '>=3.24.0-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.32.1/app-policy/checker/match.go#L82',
  story:
    'Dikastes does not look at the IP version of a rule, neither at the one it says nor at the one that its CIDRs are of: only a CIDR that must contain the address keeps the other version out.',
  rules: {
    versionMatches: (
      rule: { ipVersion: number | undefined; nets: readonly (readonly string[])[] },
      version: number,
      layer: Layer,
    ): boolean => layer === 'L7' || entityRules.versionMatches(rule, version, layer),
  },
});

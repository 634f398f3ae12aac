import type { Layer } from '../calico/policy.ts';
import { deviation } from './deviation.ts';

export const negationsIgnored = deviation({
  name: 'negations-ignored',
  product: 'calico',
  versions: '>=3.24.0-0 <3.30.0-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.24.1/app-policy/checker/match.go#L264',
  story: 'Dikastes does not look at notNets and notPorts, so that requests match which the rule excludes.',
  rules: {
    negationCounts: (field: 'notNets' | 'notPorts' | 'notSelector', layer: Layer): boolean =>
      layer === 'L4' || field === 'notSelector',
  },
});

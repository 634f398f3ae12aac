import type { Layer, PolicyKind } from '../calico/policy.ts';
import { deviation } from './deviation.ts';

export const stagedPoliciesEnforced = deviation({
  name: 'staged-policies-enforced',
  product: 'calico',
  versions: '>=3.32.0-0 <3.33.0-0',
  link: 'https://github.com/projectcalico/calico/pull/13416',
  story:
    'Dikastes enforces staged policies, in both directions, and ends a tier in which there are no others by its default action. Felix does not.',
  rules: {
    enforces: (kind: PolicyKind, layer: Layer): boolean => layer === 'L7' || !kind.startsWith('Staged'),
  },
});

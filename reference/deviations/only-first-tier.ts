import type { Layer } from '../calico/policy.ts';
import { deviation } from './deviation.ts';

export const onlyFirstTier = deviation({
  name: 'only-first-tier',
  product: 'calico',
  versions: '>=3.24.0-0 <3.29.0-0',
  link: 'https://github.com/projectcalico/calico/commit/3be5b483f0',
  story:
    'Dikastes looks at the first tier that applies and at no other: its end denies whatever its default action is, and a Pass leads to the profiles.',
  rules: {
    tiersEvaluated: <T>(tiers: readonly T[], layer: Layer): readonly T[] =>
      layer === 'L7' ? tiers.slice(0, 1) : tiers,
    endOfTier: (defaultAction: string | undefined, layer: Layer): 'deny' | 'pass' =>
      layer === 'L4' && defaultAction === 'Pass' ? 'pass' : 'deny',
    afterPass: (layer: Layer): 'next tier' | 'profiles' => (layer === 'L7' ? 'profiles' : 'next tier'),
  },
});

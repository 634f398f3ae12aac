import type { Rank } from '../calico/policy.ts';
import { orderRules } from '../calico/rules/order.ts';
import { deviation } from './deviation.ts';

export const tierWithoutOrderBesideDefault = deviation({
  name: 'tier-without-order-beside-default',
  product: 'calico',
  versions: '>=3.29.0-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.32.1/libcalico-go/lib/resources/tier.go#L21',
  story:
    'A tier without an order is given that of the default tier, so that its name says whether it comes before that one, instead of coming last.',
  rules: {
    compareTiers: (one: Rank, other: Rank): number =>
      orderRules.compareTiers(
        { ...one, order: one.order ?? 1_000_000 },
        { ...other, order: other.order ?? 1_000_000 },
      ),
  },
});

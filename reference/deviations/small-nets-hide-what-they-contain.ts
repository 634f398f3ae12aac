import { netOf } from '../calico/net.ts';
import type { Layer } from '../calico/policy.ts';
import { deviation } from './deviation.ts';

export const smallNetsHideWhatTheyContain = deviation({
  name: 'small-nets-hide-what-they-contain',
  product: 'calico',
  versions: '>=3.32.1-0',
  link: 'https://github.com/projectcalico/calico/pull/12671',
  story:
    'Dikastes finds an address in no CIDR of a network set that has between one and seven free bits, such as a /28, and is not told of the pods and smaller CIDRs within it that the same selector selects.',
  rules: {
    selectionContains: (nets: readonly string[], layer: Layer): boolean => {
      if (layer === 'L4' || nets.length === 0) return nets.length > 0;
      // Nets that share an address lie within each other, and only the largest is told.
      const free = Math.max(...nets.map((net) => netOf(net).hostBits));
      return free === 0 || free >= 8;
    },
  },
});

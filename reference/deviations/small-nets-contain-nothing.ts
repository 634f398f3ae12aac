import { netOf } from '../calico/net.ts';
import type { Layer } from '../calico/policy.ts';
import { deviation } from './deviation.ts';

export const smallNetsContainNothing = deviation({
  name: 'small-nets-contain-nothing',
  product: 'calico',
  versions: '>=3.24.0-0 <3.32.1-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.31.7/app-policy/policystore/ipset.go#L243',
  story:
    'Dikastes finds an address in no CIDR of a network set that has between one and seven free bits, such as a /28, unless a pod or a CIDR of another size that the same selector selects has the address, too.',
  rules: {
    selectionContains: (nets: readonly string[], layer: Layer): boolean =>
      nets.some((net) => layer === 'L4' || !isSmall(net)),
  },
});

function isSmall(net: string): boolean {
  const { hostBits } = netOf(net);
  return hostBits > 0 && hostBits < 8;
}

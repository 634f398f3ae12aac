import type { Layer, NamedPort } from '../calico/policy.ts';
import { deviation } from './deviation.ts';

export const namedPortsNeverMatch = deviation({
  name: 'named-ports-never-match',
  product: 'calico',
  // Fixed on the branches of 3.31 and 3.32 after these.
  versions: '>=3.30.0-0 <=3.31.7 || >=3.32.0-0 <=3.32.1',
  link: 'https://github.com/projectcalico/calico/issues/13174',
  story:
    'Dikastes looks a port up by its number among entries that hold an address and a protocol too, so that no named port ever matches: what is allowed by name is denied, what is denied by name passes.',
  rules: {
    namedPortMatches: (name: string, port: number, named: readonly NamedPort[], layer: Layer): boolean =>
      layer === 'L4' && named.some((own) => own.name === name && own.port === port),
  },
});

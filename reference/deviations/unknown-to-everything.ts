import type { CheckStatus } from '../calico/check.ts';
import { deviation } from './deviation.ts';

export const unknownToEverything = deviation({
  name: 'unknown-to-everything',
  product: 'calico',
  versions: '>=3.30.0-0 <=3.30.7 || >=3.31.0-0 <=3.31.7',
  link: 'https://github.com/projectcalico/calico/issues/11857',
  story:
    'Dikastes has no check provider and answers UNKNOWN to every request, so that Envoy denies everything.',
  rules: {
    statusOf: (_decision: 'allow' | 'deny' | 'invalid'): CheckStatus => 'UNKNOWN',
    unknownEndpointStatus: (): CheckStatus => 'UNKNOWN',
  },
});

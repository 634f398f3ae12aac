import type { Layer } from '../calico/policy.ts';
import { deviation } from './deviation.ts';

export const egressPolicyDeniesRequests = deviation({
  name: 'egress-policy-denies-requests',
  product: 'calico',
  versions: '>=3.24.0-0 <3.29.0-0',
  link: 'https://github.com/projectcalico/calico/commit/35e95643cc',
  story:
    'A policy about egress alone makes Dikastes deny every request to the pod: a tier without ingress policies counts as one that matched nothing.',
  rules: {
    skipsTier: (policies: number, layer: Layer): boolean => layer === 'L4' && policies === 0,
  },
});

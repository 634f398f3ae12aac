import { allow, deny, home, policy, tier } from '../world.ts';
import { but, type Row } from './row.ts';

const staged = { kind: 'StagedGlobalNetworkPolicy' };
const open = but('allowed', 'denied');

/** extended.md, section 1. */
export const stagedRows: Row[] = [
  {
    row: 'staged, Ingress without rules',
    objects: [policy({ types: ['Ingress'] }, staged)],
    asks: { 'ma/alice /': open, 'ma/alice POST /': open, 'ma/alice tcp :9001': open },
  },
  { row: 'staged Deny', objects: [policy({ ingress: [deny()] }, staged)], asks: { 'ma/alice /': open } },
  {
    row: 'staged Allow of one page',
    objects: [policy({ ingress: [allow({ http: home })] }, staged)],
    asks: { 'ma/alice /': 'allowed', 'ma/alice /b': open },
  },
  {
    row: 'staged Allow of everything',
    objects: [policy({ ingress: [allow()] }, staged)],
    asks: { 'ma/alice /': 'allowed' },
  },
  {
    row: 'staged Allow before enforced policies',
    objects: [
      policy({ order: 20, types: ['Ingress'] }),
      policy({ order: 10, ingress: [allow({ http: home })] }),
      policy({ order: 5, ingress: [allow()] }, staged),
    ],
    asks: { 'ma/alice /': 'allowed', 'ma/alice /cart': but('denied', 'allowed') },
  },
  {
    row: 'staged Deny before enforced policies',
    objects: [
      policy({ order: 20, types: ['Ingress'] }),
      policy({ order: 10, ingress: [allow({ http: home })] }),
      policy({ order: 5, ingress: [deny()] }, staged),
    ],
    asks: { 'ma/alice /': open, 'ma/alice /cart': 'denied' },
  },
  {
    row: 'staged Deny 20, enforced Allow 30',
    objects: [policy({ order: 30, ingress: [allow()] }), policy({ order: 20, ingress: [deny()] }, staged)],
    asks: { 'ma/alice /': open },
  },
  {
    row: 'StagedNetworkPolicy without rules',
    objects: [policy({ types: ['Ingress'] }, { kind: 'StagedNetworkPolicy' })],
    asks: { 'ma/alice /': open },
  },
  {
    row: 'StagedKubernetesNetworkPolicy that denies',
    objects: [
      {
        apiVersion: 'projectcalico.org/v3',
        kind: 'StagedKubernetesNetworkPolicy',
        metadata: { name: 'k', namespace: 'srv' },
        spec: { podSelector: { matchLabels: { app: 'echo' } }, policyTypes: ['Ingress'] },
      },
    ],
    asks: { 'ma/alice /': open },
  },
  {
    row: 'stagedAction Delete',
    objects: [policy({ ingress: [deny()], stagedAction: 'Delete' }, staged)],
    asks: { 'ma/alice /': 'allowed' },
  },
  ...[[policy({ ingress: [allow()] }, { name: 'all' })], []].map((rest) => ({
    row: `a tier with a staged policy only, ${rest.length} in the default tier`,
    objects: [
      tier('early', 100),
      policy({ tier: 'early', ingress: [allow({ http: home })] }, staged),
      ...rest,
    ],
    asks: { 'ma/alice /': 'allowed' as const, 'ma/alice /b': open },
  })),
];

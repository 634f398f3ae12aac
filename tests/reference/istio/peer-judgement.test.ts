import { expect, test } from '@playwright/test';
import { istioRules } from '../../../reference/rules/istio.ts';

const good = { presented: true, chainTrusted: true, dnsOnly: false };

// Alerts that TLS 1.3 clients read from a sidecar of Istio 1.28.10.
const peers: [what: string, peer: Parameters<typeof istioRules.judgePeer>[0], alert: number | undefined][] = [
  ['no certificate', { presented: false, chainTrusted: false, dnsOnly: false }, 116],
  [
    'a certificate of another authority with the right identity',
    {
      ...good,
      chainTrusted: false,
      uri: 'spiffe://cluster.local/ns/ma/sa/alice',
      trustDomain: 'cluster.local',
    },
    48,
  ],
  [
    'another trust domain',
    { ...good, uri: 'spiffe://other.domain/ns/ma/sa/alice', trustDomain: 'other.domain' },
    46,
  ],
  [
    'a trust domain that only begins alike',
    { ...good, uri: 'spiffe://cluster.local.evil/ns/ma/sa/alice' },
    46,
  ],
  ['a DNS name only', { ...good, dnsOnly: true }, 46],
  ['a URI that is no SPIFFE id', { ...good, uri: 'https://cluster.local/ns/ma/sa/alice' }, 46],
  ['an identity without namespace and account', { ...good, uri: 'spiffe://cluster.local/weird' }, undefined],
  ['an identity of the mesh', { ...good, uri: 'spiffe://cluster.local/ns/ma/sa/alice' }, undefined],
];

for (const [what, peer, alert] of peers) {
  test(`a client with ${what} is ${alert === undefined ? 'let in' : `refused with alert ${alert}`}`, () => {
    expect(istioRules.judgePeer(peer)).toBe(alert);
  });
}

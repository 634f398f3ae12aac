import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { expect, test } from '@playwright/test';
import { MeshAuthority, spiffeId } from '../../../reference/network/certificates.ts';
import { presentedPeer } from '../../../reference/network/peer.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const hour = 3_600_000;
const alice = spiffeId('ma', 'alice');
const mesh = MeshAuthority.create();

function der(pem: string): Buffer {
  return new X509Certificate(pem).raw;
}

interface Holder {
  certificate: x509.X509Certificate;
  keys: CryptoKeyPair;
}

/** A certificate signed by another holder, or by itself. */
async function certify(issuer: Holder | undefined, ca: boolean, validHours: [from: number, to: number]) {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '01',
    subject: `CN=${crypto.randomUUID()}`,
    issuer: issuer?.certificate.subject ?? 'CN=root',
    ...(issuer === undefined ? { subject: 'CN=root' } : {}),
    notBefore: new Date(Date.now() + validHours[0] * hour),
    notAfter: new Date(Date.now() + validHours[1] * hour),
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(ca, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: alice }]),
    ],
  });
  return { certificate, keys };
}

const raw = ({ certificate }: Holder) => Buffer.from(certificate.rawData);

const names: [title: string, names: { uri?: string; dns?: string }, told: object][] = [
  ['a workload', { uri: alice }, { uri: alice, trustDomain: 'cluster.local', dnsOnly: false }],
  ['a URI that is no SPIFFE id', { uri: 'https://x/y' }, { uri: 'https://x/y', dnsOnly: false }],
  ['a DNS name', { dns: 'alice.test' }, { dnsOnly: true }],
  ['both', { dns: 'alice.test', uri: alice }, { uri: alice, trustDomain: 'cluster.local', dnsOnly: false }],
  ['no name', {}, { dnsOnly: false }],
];
for (const [title, given, told] of names) {
  test(`the names of ${title} are told`, async () => {
    const { cert, trust } = await (await mesh).issueFor(given);
    expect(presentedPeer([der(cert)], trust)).toEqual({ presented: true, chainTrusted: true, ...told });
  });
}

test('no certificate and one that is none are told apart', async () => {
  const { certificate } = await mesh;
  const nothing = { chainTrusted: false, dnsOnly: false };
  expect(presentedPeer([], certificate)).toEqual({ presented: false, ...nothing });
  expect(presentedPeer([Buffer.from('none')], certificate)).toEqual({ presented: true, ...nothing });
});

test('a chain is trusted by its signatures, and while all of it is valid', async () => {
  const root = await certify(undefined, true, [-1, 1]);
  const between = await certify(root, true, [-1, 1]);
  const leaf = await certify(between, false, [-1, 1]);
  const expired = await certify(root, false, [-2, -1]);
  const early = await certify(root, false, [1, 2]);
  const signedByLeaf = await certify(leaf, false, [-1, 1]);
  const other = await certify(undefined, true, [-1, 1]);
  const trust = root.certificate.toString('pem');

  const chains: [title: string, chain: Holder[], trusted: boolean][] = [
    ['leaf, between', [leaf, between], true],
    ['leaf, between, root', [leaf, between, root], true],
    ['leaf alone', [leaf], false],
    ['leaf, root', [leaf, root], false],
    ['expired', [expired], false],
    ['not yet valid', [early], false],
    ['signed by what is no authority', [signedByLeaf, leaf, between], false],
    ['another root of the same name', [other], false],
  ];
  for (const [title, chain, trusted] of chains) {
    expect(presentedPeer(chain.map(raw), trust).chainTrusted, title).toBe(trusted);
  }
  const both = other.certificate.toString('pem') + trust;
  expect(presentedPeer([leaf, between].map(raw), both).chainTrusted).toBe(true);
});

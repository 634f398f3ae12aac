import 'reflect-metadata';
import { createHash, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** What a TLS client has shown of itself, for a rule to judge. */
export interface PresentedPeer {
  /** Whether it sent a certificate at all. When not, nothing else here is true. */
  presented: boolean;
  /** Whether its certificate leads to the authority that the server trusts, and all on the way are valid now. */
  chainTrusted: boolean;
  /** The first URI among its alternative names. */
  uri?: string;
  /** `cluster.local` in `spiffe://cluster.local/…`. */
  trustDomain?: string;
  /** It has a DNS name and no URI. */
  dnsOnly: boolean;
}

/** SHA-256 of a certificate in DER, in hexadecimal, as Envoy forwards it. */
export function hashOf(certificate: Buffer): string {
  return createHash('sha256').update(certificate).digest('hex');
}

/** Judging a chain takes a millisecond, and the same few come again and again. */
const known = new Map<string, { peer: PresentedPeer; until: number }>();
const knownAtMost = 1000;
/** So that a certificate that has run out meanwhile is noticed. */
const knownForMs = 10_000;

/**
 * @param chain in DER, the client's own certificate first.
 * @param trust the certificates of the trusted authorities in PEM.
 */
export function presentedPeer(chain: readonly Buffer[], trust: string): PresentedPeer {
  const [leaf] = chain;
  if (leaf === undefined) return { presented: false, chainTrusted: false, dnsOnly: false };
  const key = hashOf(Buffer.concat([Buffer.from(trust), ...chain]));
  const before = known.get(key);
  if (before !== undefined && Date.now() <= before.until) return before.peer;
  const peer = examine(leaf, chain, trust);
  if (known.size >= knownAtMost) known.clear();
  known.set(key, { peer, until: Date.now() + knownForMs });
  return peer;
}

function examine(leaf: Buffer, chain: readonly Buffer[], trust: string): PresentedPeer {
  try {
    return { presented: true, chainTrusted: leadsTo(trust, chain), ...namesOf(leaf) };
  } catch {
    // What cannot be read as a certificate cannot be traced to anyone.
    return { presented: true, chainTrusted: false, dnsOnly: false };
  }
}

function namesOf(leaf: Buffer): Pick<PresentedPeer, 'uri' | 'trustDomain' | 'dnsOnly'> {
  const names =
    new x509.X509Certificate(Uint8Array.from(leaf)).getExtension(x509.SubjectAlternativeNameExtension)?.names
      .items ?? [];
  const uri = names.find(({ type }) => type === 'url')?.value;
  const trustDomain = uri === undefined ? undefined : /^spiffe:\/\/([^/]+)/.exec(uri)?.[1];
  return {
    ...(uri === undefined ? {} : { uri }),
    ...(trustDomain === undefined ? {} : { trustDomain }),
    dnsOnly: uri === undefined && names.some(({ type }) => type === 'dns'),
  };
}

/** Whether each certificate is signed by the next one, and the last of them by an authority that is trusted. */
function leadsTo(trust: string, chain: readonly Buffer[]): boolean {
  const authorities = x509.PemConverter.decode(trust).map((der) => new X509Certificate(Buffer.from(der)));
  const certificates = chain.map((der) => new X509Certificate(der));
  for (const [index, certificate] of certificates.entries()) {
    if (!isValidNow(certificate)) return false;
    if (authorities.some((authority) => isValidNow(authority) && signs(authority, certificate))) return true;
    const next = certificates[index + 1];
    if (next === undefined || !signs(next, certificate)) return false;
  }
  return false;
}

function signs(authority: X509Certificate, certificate: X509Certificate): boolean {
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function isValidNow({ validFromDate, validToDate }: X509Certificate): boolean {
  const now = Date.now();
  return validFromDate.getTime() <= now && now <= validToDate.getTime();
}

// @peculiar/x509 injects its parts by reflection, and leaves the polyfill to its users.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** A certificate with its private key, and whom its holder trusts; all in PEM. */
export interface Identity {
  cert: string;
  key: string;
  /** The certificate of the authority that signed it. */
  trust: string;
}

/** What a certificate says of its holder; an odd one may name nothing, or only a DNS name. */
export interface Names {
  uri?: string;
  dns?: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const hourMs = 3_600_000;
/** As long as istiod signs for, which hands out the next one when half of it is over. */
const lifetimeMs = 24 * hourMs;

/** The SPIFFE identity of a service account. */
export function spiffeId(namespace: string, serviceAccount: string, trustDomain = 'cluster.local'): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

/** The certificate authority of a mesh, which signs for its workloads. */
export class MeshAuthority {
  /** Its own certificate in PEM: what the workloads trust. */
  readonly certificate: string;
  readonly #issuer: string;
  readonly #keys: CryptoKeyPair;
  readonly #issued = new Map<string, { identity: Promise<Identity>; until: number }>();

  private constructor(certificate: x509.X509Certificate, keys: CryptoKeyPair) {
    this.certificate = certificate.toString('pem');
    this.#issuer = certificate.subject;
    this.#keys = keys;
  }

  /** @param name its organisation, as it stands in its certificate. */
  static async create(name = 'cluster.local'): Promise<MeshAuthority> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: newSerial(),
      name: `O=${name}`,
      notBefore: new Date(Date.now() - hourMs),
      notAfter: new Date(Date.now() + 3650 * lifetimeMs),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new MeshAuthority(certificate, keys);
  }

  /** The certificate of a workload. The same one is given again while it has more than half of its life before it. */
  issue(uri: string): Promise<Identity> {
    const known = this.#issued.get(uri);
    if (known !== undefined && known.until > Date.now()) return known.identity;
    const identity = this.issueFor({ uri });
    this.#issued.set(uri, { identity, until: Date.now() + lifetimeMs / 2 });
    return identity;
  }

  /** The key that it signs with, in PEM. */
  async privateKey(): Promise<string> {
    const key = await crypto.subtle.exportKey('pkcs8', this.#keys.privateKey);
    return x509.PemConverter.encode(key, 'PRIVATE KEY');
  }

  /** A new certificate for whatever names, valid for a day. */
  async issueFor({ uri, dns }: Names): Promise<Identity> {
    const keys = await newKeys();
    const names: x509.JsonGeneralName[] = [];
    if (uri !== undefined) names.push({ type: 'url', value: uri });
    if (dns !== undefined) names.push({ type: 'dns', value: dns });
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: newSerial(),
      // A workload is named by its URI alone, which is critical for that reason (RFC 5280, section 4.2.1.6).
      subject: '',
      issuer: this.#issuer,
      notBefore: new Date(Date.now() - hourMs),
      notAfter: new Date(Date.now() + lifetimeMs),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
          true,
        ),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.serverAuth,
          x509.ExtendedKeyUsage.clientAuth,
        ]),
        ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names, true)]),
      ],
    });
    const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
    return {
      cert: certificate.toString('pem'),
      key: x509.PemConverter.encode(key, 'PRIVATE KEY'),
      trust: this.certificate,
    };
  }
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** Sixteen random bytes in hexadecimal, positive as a serial number must be. */
function newSerial(): string {
  const bytes = crypto.getRandomValues(Buffer.alloc(16));
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}

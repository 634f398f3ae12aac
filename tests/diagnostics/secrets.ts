import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { MeshAuthority } from '../../reference/network/certificates.ts';

/** Secrets made for one test, as clusters have them. */
export interface Secrets {
  /** A workload's certificate and its key, and the authority's certificate, in PEM. */
  certificate: string;
  authority: string;
  /** In PEM, by kind. */
  keys: Record<'pkcs8' | 'sec1' | 'rsa' | 'ed25519' | 'encrypted', string>;
  /** A service account's token, signed. */
  token: string;
  /** A token that says nothing of itself. */
  opaque: string;
}

export const spiffe = 'spiffe://cluster.local/ns/shop/sa/frontend';

export async function makeSecrets(): Promise<Secrets> {
  const authority = await MeshAuthority.create();
  const { cert, key, trust } = await authority.issue(spiffe);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  const pem = { format: 'pem', type: 'pkcs8' } as const;
  return {
    certificate: cert,
    authority: trust,
    keys: {
      pkcs8: key,
      sec1: createPrivateKey(key).export({ format: 'pem', type: 'sec1' }) as string,
      rsa: rsa.export({ format: 'pem', type: 'pkcs1' }) as string,
      ed25519: ed25519.export(pem) as string,
      encrypted: rsa.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'of the test' }) as string,
    },
    token: tokenBy(key),
    opaque: `s${randomBytes(24).toString('hex')}`,
  };
}

function tokenBy(key: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'ES256', typ: 'JWT' })}.${part({ sub: 'system:serviceaccount:shop:frontend' })}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** DER in base64, without the marks of PEM and in one line. */
export function bare(pem: string): string {
  return pem.replaceAll(/-----[^-]+-----|\s/g, '');
}

/**
 * Signs of secrets in a text: PEM's marks in any form, web tokens, and any stretch of what was secret, in whatever
 * encoding it went in. Empty for a text that may leave a cluster.
 */
export function signsIn(text: string, secrets: readonly string[] = []): string[] {
  const marks = [/-----BEGIN/, /-----END/, /LS0tLS1CRUdJTi/, /eyJ[\w-]{8,}\.eyJ/, /BEGIN%20/].filter((mark) =>
    mark.test(text),
  );
  const flat = text.replaceAll(/\s|\\[nrt]/g, '');
  const stretches = secrets.flatMap((secret) => {
    const whole = bare(secret);
    // From the middle, where two secrets of a kind differ.
    const middle = Math.max(0, Math.floor(whole.length / 2) - 12);
    return [whole.slice(middle, middle + 24), whole.slice(-28, -4)].filter((part) => flat.includes(part));
  });
  return [...marks.map(String), ...stretches];
}

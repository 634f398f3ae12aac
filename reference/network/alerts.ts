import { createCipheriv, createHmac } from 'node:crypto';

/** Numbers of the alerts that refuse a peer (RFC 8446, section 6). */
export const alert = {
  handshakeFailure: 40,
  certificateUnknown: 46,
  unknownCa: 48,
  certificateRequired: 116,
} as const;

const fatal = 2;
const alertRecord = 0x15;
const applicationDataRecord = 0x17;

interface Suite {
  cipher: 'aes-128-gcm' | 'aes-256-gcm';
  hash: 'sha256' | 'sha384';
  keyBytes: number;
}

/** The TLS 1.3 suites that an alert can be sealed with, which are all a server may offer. */
export const suites: Readonly<Record<string, Suite>> = {
  TLS_AES_128_GCM_SHA256: { cipher: 'aes-128-gcm', hash: 'sha256', keyBytes: 16 },
  TLS_AES_256_GCM_SHA384: { cipher: 'aes-256-gcm', hash: 'sha384', keyBytes: 32 },
};

/** A fatal alert in the clear, as a record of TLS 1.2. */
export function plainAlert(number: number): Buffer {
  return Buffer.from([alertRecord, 3, 3, 0, 2, fatal, number]);
}

/**
 * A fatal alert as the first record that a TLS 1.3 server sends under its traffic keys (RFC 8446, sections 5.2 and
 * 7.3).
 *
 * @param suiteName one of `suites`.
 * @param secret the server's first traffic secret.
 */
export function sealedAlert(number: number, suiteName: string, secret: Buffer): Buffer {
  const suite = suites[suiteName];
  if (suite === undefined) throw new Error(`No alert can be sealed with ${suiteName}.`);
  const content = Buffer.from([fatal, number, alertRecord]);
  const header = Buffer.from([applicationDataRecord, 3, 3, 0, content.length + 16]);
  const key = expand(suite, secret, 'key', suite.keyBytes);
  // The first record has the sequence number 0, so its nonce is the vector itself.
  const cipher = createCipheriv(suite.cipher, key, expand(suite, secret, 'iv', 12));
  cipher.setAAD(header);
  return Buffer.concat([header, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/** HKDF-Expand-Label without context (RFC 8446, section 7.1), for no more than one block. */
function expand({ hash }: Suite, secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

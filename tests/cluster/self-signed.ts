import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface Identity {
  /** PEM. */
  cert: string;
  key: string;
}

/** A self-signed certificate for 127.0.0.1 and localhost, good for a day, as server, client or trust anchor. */
export function selfSigned(commonName: string): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { cert: certificate(commonName, privateKey, publicKey), key: pem(privateKey) };
}

// X.509 in DER (RFC 5280, section 4.1), as little of it as a self-signed certificate needs.
const tag = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
};
const oid = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  basicConstraints: '551d13',
  subjectAltName: '551d11',
};

function certificate(commonName: string, privateKey: KeyObject, publicKey: KeyObject): string {
  const algorithm = sequence(der(tag.oid, hex(oid.ecdsaWithSha256)));
  const name = sequence(
    der(tag.set, sequence(der(tag.oid, hex(oid.commonName)), der(tag.utf8, Buffer.from(commonName)))),
  );
  const day = 86_400_000;
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.of(127, 0, 0, 1)));
  const authority = sequence(der(0x01, Buffer.of(0xff)));
  const body = sequence(
    der(0xa0, der(tag.integer, Buffer.of(2))),
    der(tag.integer, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    name,
    sequence(utcTime(Date.now() - day), utcTime(Date.now() + day)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension(oid.subjectAltName, names), extension(oid.basicConstraints, authority))),
  );
  const signature = der(tag.bits, Buffer.concat([Buffer.of(0), sign('sha256', body, privateKey)]));
  const base64 = sequence(body, algorithm, signature)
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(der(tag.oid, hex(id)), der(tag.octets, value));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(tag.sequence, Buffer.concat(parts));
}

function der(type: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(type, ...size), content]);
}

function utcTime(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return der(tag.utcTime, Buffer.from(digits.slice(2)));
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

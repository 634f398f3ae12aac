import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate and its private key, in PEM. */
export interface Identity {
  cert: string;
  key: string;
}

/** An authority that certifies identities as Istio's does: a SPIFFE URI, valid from an hour ago for a day. */
export class Authority {
  /** The authority's own certificate in PEM. */
  readonly cert: string;
  readonly #name: Buffer;
  readonly #keys = newKeys();

  constructor(name: string) {
    this.#name = nameOf(name);
    this.cert = this.#certify(this.#name, this.#keys.publicKey, basicConstraints);
  }

  issue(uri: string): Identity {
    const { publicKey, privateKey } = newKeys();
    return {
      cert: this.#certify(nameOf('workload'), publicKey, alternativeName(uri)),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }

  /** A version 3 certificate (RFC 5280, section 4.1) in PEM. */
  #certify(subject: Buffer, key: KeyObject, extension: Buffer): string {
    const content = sequence(
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, Buffer.from([1])),
      ecdsaWithSha256,
      this.#name,
      sequence(time(-3_600_000), time(86_400_000)),
      subject,
      key.export({ type: 'spki', format: 'der' }),
      der(0xa3, sequence(extension)),
    );
    const signature = sign('sha256', content, this.#keys.privateKey);
    const certificate = sequence(content, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
    return `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`;
  }
}

function newKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const yes = der(0x01, Buffer.from([0xff]));
const basicConstraints = sequence(oid('551d13'), yes, der(0x04, sequence(yes)));

function alternativeName(uri: string): Buffer {
  return sequence(oid('551d11'), der(0x04, sequence(der(0x86, Buffer.from(uri)))));
}

function nameOf(organisation: string): Buffer {
  return sequence(der(0x31, sequence(oid('55040a'), der(0x0c, Buffer.from(organisation)))));
}

function time(fromNowMs: number): Buffer {
  const digits = new Date(Date.now() + fromNowMs).toISOString().replaceAll(/\.\d+|[-:T]/g, '');
  return der(0x17, Buffer.from(digits.slice(2)));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

/** A value in DER: its tag, its length in the shortest form, its content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const prefix =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...prefix]), content]);
}

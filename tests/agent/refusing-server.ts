import { createCipheriv, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Identity } from './certificates.ts';

/**
 * A TLS server that refuses every client certificate with an alert of this number, as Envoy refuses those of a
 * foreign authority. Node's own server never does: it lets every certificate pass and cuts the connection later.
 *
 * In front of Node's server, which makes the handshake up to its own Finished, it holds back the client's
 * certificate and answers the alert itself: in the clear under TLS 1.2, and under TLS 1.3 as the first record under
 * the server's traffic keys (RFC 8446, sections 5.2 and 7.3), which Node's server logs.
 */
export async function refusingServer(
  version: 'TLSv1.2' | 'TLSv1.3',
  alert: number,
  identity: Identity,
): Promise<{ server: Server; close: () => void }> {
  const secrets: Buffer[] = [];
  const behind = createTlsServer({
    ...identity,
    minVersion: version,
    maxVersion: version,
    ciphers: version === 'TLSv1.3' ? 'TLS_AES_128_GCM_SHA256' : 'ECDHE-ECDSA-AES128-GCM-SHA256',
    requestCert: true,
  });
  behind.on('tlsClientError', () => {});
  behind.on('keylog', (line) => {
    const [label, , secret] = line.toString().trim().split(' ');
    if (label === 'SERVER_TRAFFIC_SECRET_0') secrets.push(Buffer.from(secret!, 'hex'));
  });
  behind.listen(0, '127.0.0.1');
  await once(behind, 'listening');

  const server = createServer((client) => {
    const upstream = connect((behind.address() as AddressInfo).port, '127.0.0.1');
    upstream.on('error', () => {});
    let answered = false;
    let refused = false;
    upstream.on('data', (chunk) => {
      answered = true;
      if (!refused) client.write(chunk);
    });
    client.on('data', (chunk) => {
      if (!answered) upstream.write(chunk);
      else if (!refused) {
        refused = true;
        const fatal = Buffer.from([2, alert]);
        client.end(version === 'TLSv1.2' ? plainAlert(fatal) : sealedAlert(fatal, secrets.at(-1)!));
      }
    });
    client.on('close', () => upstream.destroy());
  });
  return { server, close: () => behind.close() };
}

function plainAlert(alert: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x15, 3, 3, 0, alert.length]), alert]);
}

function sealedAlert(alert: Buffer, secret: Buffer): Buffer {
  const content = Buffer.concat([alert, Buffer.from([0x15])]);
  const header = Buffer.from([0x17, 3, 3, 0, content.length + 16]);
  // The first record has the sequence number 0, so the nonce is the vector itself.
  const cipher = createCipheriv('aes-128-gcm', expand(secret, 'key', 16), expand(secret, 'iv', 12));
  cipher.setAAD(header);
  return Buffer.concat([header, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/** HKDF-Expand-Label without context, for at most one block. */
function expand(secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}

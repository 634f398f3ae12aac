// @peculiar/x509 injects its parts by reflection, and leaves the polyfill to its users.
import 'reflect-metadata';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import * as x509 from '@peculiar/x509';
import { expect, test } from '@playwright/test';
import { type ClientCertificate, foreignCertificate } from '../../fixtures/certificates.ts';
import { ForbiddenError } from '../../fixtures/cluster/errors.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { MeshAuthority } from '../../fixtures/mesh-authority.ts';
import { FakeCluster } from '../guest/fake-cluster.ts';

const identity = 'spiffe://mesh.test/ns/shop/sa/visitor';

const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

test('the authority that istiod made for itself signs for any identity', async () => {
  const root = await authority('mesh root', rsa);
  const cluster = new FakeCluster([
    secret('istio-ca-secret', { 'ca-cert.pem': root.cert, 'ca-key.pem': root.pem, 'cert-chain.pem': '' }),
  ]);
  const signed = await (await MeshAuthority.find(cluster.asCluster))?.sign(identity);
  expect(await presentedTo(root.cert, signed!)).toEqual({ authorized: true, names: `URI:${identity}` });
});

for (const [form, names] of Object.entries({
  "Istio's own": ['ca-cert.pem', 'ca-key.pem', 'cert-chain.pem'],
  Kubernetes: ['tls.crt', 'tls.key', 'tls.crt'],
})) {
  test(`an authority of the operator's own goes before it, and shows who signed for it (names of ${form})`, async () => {
    const root = await authority('root of the operator', ecdsa);
    const between = await authority('between', ecdsa, root);
    const own = await authority('mesh root', rsa);
    const [certificate, key, chain] = names as [string, string, string];
    const cluster = new FakeCluster([
      secret('istio-ca-secret', { 'ca-cert.pem': own.cert, 'ca-key.pem': own.pem }),
      secret('cacerts', { [chain]: between.cert, [certificate]: between.cert, [key]: between.pem }),
    ]);
    const signed = await (await MeshAuthority.find(cluster.asCluster))?.sign(identity);
    expect(await presentedTo(root.cert, signed!)).toEqual({ authorized: true, names: `URI:${identity}` });
  });
}

test('a certificate that another authority signed is none of the mesh', async () => {
  const root = await authority('mesh root', ecdsa);
  expect(await presentedTo(root.cert, await foreignCertificate(identity))).toMatchObject({
    authorized: false,
  });
});

test('there is no authority where its key is kept elsewhere', async () => {
  expect(await MeshAuthority.find(new FakeCluster().asCluster)).toBeUndefined();
  const keyless = new FakeCluster([secret('cacerts', { 'ca-cert.pem': 'a certificate', 'ca-key.pem': '' })]);
  expect(await MeshAuthority.find(keyless.asCluster)).toBeUndefined();
});

test('there is none for whoever may not see its key, and any other trouble is told', async () => {
  const answer = { status: 403, reason: 'Forbidden', said: 'no', method: 'GET', target: '/secrets' };
  const cluster = new FakeCluster().asCluster;
  cluster.find = () => Promise.reject(new ForbiddenError(answer, 'someone'));
  expect(await MeshAuthority.find(cluster)).toBeUndefined();
  cluster.find = () => Promise.reject(new Error('gone'));
  await expect(MeshAuthority.find(cluster)).rejects.toThrow('gone');
});

interface Authority {
  cert: string;
  /** In the form that OpenSSL, and so Istio, writes the key in. */
  pem: string;
  subject: x509.Name;
  key: CryptoKey;
  algorithm: { name: string; hash: string };
}

async function authority(
  name: string,
  algorithm: { name: string; hash: string },
  signer?: Authority,
): Promise<Authority> {
  const isRsa = algorithm.name === rsa.name;
  const { privateKey, publicKey } = isRsa
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = await imported(privateKey, 'pkcs8', algorithm, 'sign');
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `O=${name}`,
    issuer: signer?.subject ?? `O=${name}`,
    publicKey: await imported(publicKey, 'spki', algorithm, 'verify'),
    signingKey: signer?.key ?? key,
    signingAlgorithm: signer?.algorithm ?? algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    cert: certificate.toString('pem'),
    pem: privateKey.export({ type: isRsa ? 'pkcs1' : 'sec1', format: 'pem' } as never) as unknown as string,
    subject: certificate.subjectName,
    key,
    algorithm,
  };
}

function imported(
  key: KeyObject,
  form: 'pkcs8' | 'spki',
  algorithm: { name: string; hash: string },
  usage: 'sign' | 'verify',
): Promise<CryptoKey> {
  return crypto.subtle.importKey(form, key.export({ type: form, format: 'der' }), algorithm, true, [usage]);
}

function secret(name: string, files: Record<string, string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'istio-system' },
    data: Object.fromEntries(
      Object.entries(files).map(([file, content]) => [file, Buffer.from(content).toString('base64')]),
    ),
  };
}

/** What a server that trusts one root makes of a client. */
async function presentedTo(
  root: string,
  client: ClientCertificate,
): Promise<{ authorized: boolean; names: string | undefined }> {
  const own = await authority('server', ecdsa);
  const server = createServer({
    cert: own.cert,
    key: own.pem,
    ca: root,
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, ...client, rejectUnauthorized: false });
  try {
    const [accepted] = (await once(server, 'secureConnection')) as [TLSSocket];
    const { authorized } = accepted;
    const names = accepted.getPeerCertificate().subjectaltname;
    accepted.destroy();
    return { authorized, names };
  } finally {
    socket.destroy();
    server.close();
  }
}

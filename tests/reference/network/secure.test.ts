import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';
import { expect, test } from '@playwright/test';
import { runBatch } from '../../../fixtures/agent/batch.ts';
import type { ProbeRequest, TlsOptions } from '../../../fixtures/agent/protocol.ts';
import { foreignCertificate } from '../../../fixtures/certificates.ts';
import { type Identity, MeshAuthority, spiffeId } from '../../../reference/network/certificates.ts';
import type { VirtualSocket } from '../../../reference/network/interface.ts';
import {
  type Accepted,
  acceptSecure,
  PeerRefused,
  type PresentedPeer,
  secureClient,
} from '../../../reference/network/secure.ts';
import { clientAndServer, connected, helloBytes, settled, text } from './harness.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const alice = spiffeId('ma', 'alice');

const authority = MeshAuthority.create();
const serverIdentity = authority.then((mesh) => mesh.issue(spiffeId('ms', 'srv')));

/** As Istio judges. */
function judgePeer({ presented, chainTrusted, trustDomain }: PresentedPeer): number | undefined {
  if (!presented) return 116;
  if (!chainTrusted) return 48;
  return trustDomain === 'cluster.local' ? undefined : 46;
}

/** A workload at 10.0.0.2:8080 that accepts by TLS whom `judge` lets in, and what came of each connection. */
async function workload(judge = judgePeer) {
  const { client, server, net } = clientAndServer();
  const identity = await serverIdentity;
  const results: Promise<Accepted | Error>[] = [];
  const http = createServer((request, response) => response.end(`${request.method} ${request.url}`));
  server.listen(8080, (socket) => {
    const accepted = acceptSecure(socket, { identity, trust: identity.trust, judgePeer: judge });
    results.push(accepted.catch((error: Error) => error));
    accepted.then(
      ({ stream }) => http.emit('connection', stream),
      () => {},
    );
  });
  const dial = () => client.connect({ host: '10.0.0.2', port: 8080 });
  return { net, client, server, dial, results };
}

function probe(protocol: ProbeRequest['protocol'], tls: TlsOptions): ProbeRequest {
  const http = { method: 'GET', target: '/x' };
  return {
    id: 'p1',
    host: '10.0.0.2',
    port: 8080,
    protocol,
    ...(protocol === 'tcp' ? {} : { http }),
    tls,
    connectTimeoutMs: 5000,
    timeoutMs: 5000,
  };
}

type Shown = (mesh: MeshAuthority) => Promise<Pick<Identity, 'cert' | 'key'> | undefined>;

const refused: [who: string, shown: Shown, alerts: Record<(typeof versions)[number], number>][] = [
  ['no certificate', async () => undefined, { 'TLSv1.2': 40, 'TLSv1.3': 116 }],
  ['a foreign authority', () => foreignCertificate(alice), { 'TLSv1.2': 48, 'TLSv1.3': 48 }],
  [
    'a foreign authority of the same name',
    async () => (await MeshAuthority.create()).issue(alice),
    { 'TLSv1.2': 48, 'TLSv1.3': 48 },
  ],
  [
    'another trust domain',
    (mesh) => mesh.issue(spiffeId('ma', 'alice', 'other.domain')),
    { 'TLSv1.2': 46, 'TLSv1.3': 46 },
  ],
  ['a DNS name', (mesh) => mesh.issueFor({ dns: 'alice.test' }), { 'TLSv1.2': 46, 'TLSv1.3': 46 }],
];

for (const version of versions) {
  const only = { minVersion: version, maxVersion: version };

  for (const [who, shown, alerts] of refused) {
    for (const protocol of ['http/1.1', 'h2', 'tcp'] as const) {
      test(`${version}: a client with ${who} gets alert ${alerts[version]}, for ${protocol}`, async () => {
        const { dial, results } = await workload();
        const certificate = await shown(await authority);
        const tls = {
          ...(certificate && { cert: certificate.cert, key: certificate.key }),
          alpn: ['istio'],
          ...only,
        };
        const [observation] = await runBatch([probe(protocol, tls)], { connect: dial });
        expect(observation?.error).toMatchObject({
          stage: version === 'TLSv1.2' ? 'tls' : 'receive',
          alert: alerts[version],
          bytes: 0,
        });
        expect(observation?.response).toBeUndefined();
        expect(await results[0]).toEqual(new PeerRefused(alerts[version]));
        expect(await results[0]).toMatchObject({ alert: alerts[version] });
      });
    }
  }

  test(`${version}: a client of the mesh is answered`, async () => {
    const { dial, results } = await workload();
    const { cert, key } = await (await authority).issue(alice);
    const tls = { cert, key, alpn: ['istio'], ...only };
    const [observation] = await runBatch([probe('http/1.1', tls)], { connect: dial });
    expect(observation?.error).toBeUndefined();
    expect(observation?.response).toMatchObject({ status: 200, body: 'GET /x' });
    // The server speaks nothing that the client offers.
    expect(observation?.tls).toEqual({ protocol: version, alpn: null });
    expect(await results[0]).toMatchObject({ principal: alice, alpn: undefined });
    expect((await results[0]) as Accepted).toHaveProperty('hash', expect.stringMatching(/^[0-9a-f]{64}$/));
  });

  test(`${version}: a client without certificate can be let in`, async () => {
    const { dial, results } = await workload(() => undefined);
    const [observation] = await runBatch([probe('http/1.1', only)], { connect: dial });
    expect(observation?.response?.status).toBe(200);
    expect(await results[0]).toMatchObject({ principal: '', hash: '' });
  });

  test(`${version}: a resumed session is judged again`, async () => {
    let judged = 0;
    const { dial } = await workload((peer) => {
      judged += 1;
      return judgePeer(peer);
    });
    const { cert, key } = await (await authority).issue(alice);
    let session: Buffer | undefined;
    for (const expected of [1, 2]) {
      const options: ConnectionOptions = { ...only, cert, key, rejectUnauthorized: false };
      const socket = connect({ ...options, socket: dial(), ...(session && { session }) });
      socket.on('session', (given) => {
        session = given;
      });
      socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      expect(await text(socket)).toContain('200 OK');
      session ??= socket.getSession();
      expect(judged).toBe(expected);
      socket.end();
    }
  });
}

for (const suite of ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384']) {
  test(`an alert is sealed with ${suite}, and the connection ends in order`, async () => {
    const { dial } = await workload();
    const raw = dial();
    const socket = connect({ socket: raw, rejectUnauthorized: false, ciphers: suite, minVersion: 'TLSv1.3' });
    await once(socket, 'secureConnect');
    expect(socket.getCipher().standardName).toBe(suite);
    const [error] = await once(socket, 'error');
    expect(error).toMatchObject({ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' });
    await settled();
    expect(raw.errored).toBeNull();
    expect(raw.readableEnded).toBe(true);
  });
}

test("a client certificate's hash is that of its DER, and protocols are agreed on by the server's preference", async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  const identity = await serverIdentity;
  const mine = await (await authority).issue(alice);
  const [secured, accepted] = await Promise.all([
    secureClient(near, { identity: mine, alpn: ['istio', 'http/1.1', 'h2'], servername: 'srv.ms' }),
    acceptSecure(far, { identity, trust: identity.trust, judgePeer }),
  ]);
  expect(secured.alpnProtocol).toBe('h2');
  expect(accepted).toMatchObject({ alpn: 'h2', servername: 'srv.ms', principal: alice });
  expect(accepted.hash).toBe(secured.getX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase());
  secured.write('question');
  expect(String((await once(accepted.stream, 'data'))[0])).toBe('question');
  // Each direction ends by itself.
  secured.end();
  await once(accepted.stream, 'end');
  accepted.stream.end('answer');
  expect(await text(secured)).toBe('answer');
  await settled();
  expect([near.destroyed, far.destroyed]).toEqual([true, true]);
});

test('what a client says together with its certificate reaches whoever reads later', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  const identity = await serverIdentity;
  const accepting = acceptSecure(far, { identity, trust: identity.trust, judgePeer });
  const secured = await secureClient(near, { identity: await (await authority).issue(alice) });
  secured.end('at once');
  const { stream } = await accepting;
  await settled();
  expect(await text(stream)).toBe('at once');
});

test('a writer waits for a reader through TLS', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  const identity = await serverIdentity;
  const [secured, { stream }] = await Promise.all([
    secureClient(near, { identity: await (await authority).issue(alice) }),
    acceptSecure(far, { identity, trust: identity.trust, judgePeer }),
  ]);
  const piece = Buffer.alloc(64 * 1024);
  let written = 0;
  for (let count = 0; count < 160; count += 1) {
    secured.write(piece, () => {
      written += piece.length;
    });
  }
  secured.end();
  for (let turn = 0; turn < 10; turn += 1) await settled();
  expect(written).toBeLessThan(2_000_000);
  let received = 0;
  for await (const chunk of stream) received += (chunk as Buffer).length;
  expect(received).toBe(160 * piece.length);
});

test('10 MB pass in both directions at once', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  const identity = await serverIdentity;
  const [secured, { stream }] = await Promise.all([
    secureClient(near, { identity: await (await authority).issue(alice) }),
    acceptSecure(far, { identity, trust: identity.trust, judgePeer }),
  ]);
  stream.pipe(stream);
  const piece = Buffer.alloc(64 * 1024, 'x');
  const write = async () => {
    for (let count = 0; count < 160; count += 1) {
      if (!secured.write(piece)) await once(secured, 'drain');
    }
    secured.end();
  };
  const writing = write();
  let received = 0;
  for await (const chunk of secured) received += (chunk as Buffer).length;
  await writing;
  expect(received).toBe(160 * piece.length);
});

test('a client does not believe a server of another authority', async () => {
  const { dial, results } = await workload();
  const stranger = await (await MeshAuthority.create('elsewhere')).issue(alice);
  await expect(secureClient(dial(), { identity: stranger })).rejects.toMatchObject({
    code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO/),
  });
  expect(await results[0]).toBeInstanceOf(Error);
});

type Breaking = (far: VirtualSocket) => void;
const breaking: [title: string, how: Breaking, code: string | RegExp][] = [
  ['ends', (far) => far.end(), 'ECONNRESET'],
  ['resets', (far) => far.reset(), 'ECONNRESET'],
  ['speaks plaintext', (far) => far.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /^ERR_SSL_/],
];
for (const [title, how, code] of breaking) {
  test(`a handshake is over for a client whose server ${title}`, async () => {
    const { client, server } = clientAndServer();
    const [near, far] = await connected(client, server);
    far.once('data', () => how(far));
    await expect(secureClient(near, {})).rejects.toMatchObject({
      code: typeof code === 'string' ? code : expect.stringMatching(code),
    });
    await settled();
    expect(near.destroyed).toBe(true);
  });
}

test('a connection that is refused is the error of the handshake', async () => {
  const { client } = clientAndServer();
  const socket = client.connect({ host: '10.0.0.2', port: 1 });
  await expect(secureClient(socket, {})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

const clientBreaks: [title: string, how: (near: VirtualSocket) => Promise<unknown> | undefined][] = [
  ['ends at once', async (near) => near.end()],
  ['resets at once', async (near) => near.reset()],
  ['speaks plaintext', async (near) => near.end('GET / HTTP/1.1\r\n\r\n')],
  ['says a broken hello', async (near) => near.end(Buffer.from('16030100050100000100', 'hex'))],
  ['stops within its hello', async (near) => near.end(Buffer.from('1603010200', 'hex'))],
  ['ends after the hello', async (near) => near.resume().end(await helloBytes({}))],
  [
    'resets after the hello',
    async (near) => {
      near.write(await helloBytes({}));
      await once(near, 'data');
      near.reset();
    },
  ],
  [
    'shares no version',
    async (near) => {
      connect({ socket: near, maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' }).on(
        'error',
        () => {},
      );
    },
  ],
];
for (const [title, how] of clientBreaks) {
  test(`a handshake is over for a server whose client ${title}`, async () => {
    const { client, server } = clientAndServer();
    const [near, far] = await connected(client, server);
    const identity = await serverIdentity;
    const accepting = acceptSecure(far, { identity, trust: identity.trust, judgePeer });
    const failed = expect(accepting).rejects.toMatchObject({ code: expect.any(String) });
    await how(near);
    await failed;
    await settled();
    expect(far.destroyed).toBe(true);
  });
}

test('a reset is heard through TLS on both sides', async () => {
  for (const side of [0, 1] as const) {
    const { client, server } = clientAndServer();
    const ends = await connected(client, server);
    const identity = await serverIdentity;
    const secured: Duplex[] = await Promise.all([
      secureClient(ends[0], { identity: await (await authority).issue(alice) }),
      acceptSecure(ends[1], { identity, trust: identity.trust, judgePeer }).then(({ stream }) => stream),
    ]);
    ends[side].reset();
    const [error] = await once(secured[1 - side]!, 'error');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  }
});

test('certificates are kept for each identity, and odd ones are made anew', async () => {
  const mesh = await authority;
  expect(await mesh.issue(alice)).toBe(await mesh.issue(alice));
  expect(await mesh.issue(spiffeId('ma', 'bob'))).not.toBe(await mesh.issue(alice));
  expect((await mesh.issueFor({ uri: alice })).cert).not.toBe((await mesh.issueFor({ uri: alice })).cert);
});

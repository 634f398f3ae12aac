import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createServer as createSecureServer, type PeerCertificate } from 'node:tls';
import { expect, type TestInfo } from '@playwright/test';
import { execa } from 'execa';
import { EnvoySidecar } from '../../fixtures/dikastes/bench/envoy-sidecar.ts';
import { BenchFixtures } from '../../fixtures/dikastes/bench/fixtures.ts';
import { BenchMesh } from '../../fixtures/dikastes/bench/mesh.ts';
import { places } from '../../fixtures/dikastes/bench/world.ts';
import type { Dikastes } from '../../fixtures/dikastes/dikastes.ts';
import { DikastesError } from '../../fixtures/dikastes/dikastes-error.ts';
import { files } from '../../fixtures/dikastes/envoy/bootstrap.ts';
import { MeshAuthority } from '../../fixtures/dikastes/envoy/certificates.ts';
import { connectAs } from '../../fixtures/dikastes/envoy/connect.ts';
import { Envoy } from '../../fixtures/dikastes/envoy/envoy.ts';
import { EnvoyError } from '../../fixtures/dikastes/envoy/envoy-error.ts';
import { globalNetworkPolicy } from '../../fixtures/policies/calico-policy.ts';
import { allow, type Rule } from '../../fixtures/policies/rules.ts';
import { decide, type Row } from '../../fixtures/probes/decide.ts';
import { observe } from '../../fixtures/probes/observe.ts';
import { GET, POST } from '../../fixtures/probes/request.ts';
import { executable, test } from './stand-ins.ts';

const real = process.env.ALP_ENVOY;
const pattern = process.env.ALP_DIKASTES;
const sweep = join(import.meta.dirname, '..', '..', 'scripts', 'sweep.ts');
const identity = 'spiffe://cluster.local/ns/default/sa/buyer';

function standIn(folder: string): string {
  const file = join(folder, 'envoy');
  const program = join(import.meta.dirname, 'envoy-stand-in.ts');
  executable(file, `#!/bin/sh\nexec '${process.execPath}' '${program}'\n`);
  return file;
}

const unusable: [what: string, program: string | undefined, sentence: RegExp][] = [
  [
    'that ends at once',
    '#!/bin/sh\necho "error initializing configuration" >&2\nexit 1\n',
    /ended by status 1 instead of listening: is it an Envoy\? The last it logged:\n {2}error initializing/,
  ],
  ['that is no program', 'no program', /ended by .* instead of listening/],
  ['that is not there', undefined, /ended by the system's word .*ENOENT instead of listening/],
  ['that never listens', '#!/bin/sh\nexec sleep 30\n', /did not listen within 0\.3 s: is it an Envoy\?/],
];

const toFrontend = {
  id: 'p-1',
  host: 'frontend',
  port: 80,
  protocol: 'http/1.1',
  http: GET('/'),
  connectTimeoutMs: 1_000,
} as const;

for (const [what, program, sentence] of unusable) {
  test(`an Envoy ${what} says so`, async ({ folder }) => {
    const binary = join(folder, 'envoy');
    if (program !== undefined) executable(binary, program);
    const started = Envoy.start({ binary, folder, bootstrap: {}, startWithinMs: 300 });
    await expect(started).rejects.toThrow(sentence);
    await expect(started).rejects.toThrow(EnvoyError);
  });
}

test('an Envoy that may not be executed says so', async ({ folder }) => {
  const binary = join(folder, 'envoy');
  writeFileSync(binary, '#!/bin/sh\n');
  await expect(Envoy.start({ binary, folder, bootstrap: {} })).rejects.toThrow(/EACCES/);
});

test('an Envoy that dies of a request is no verdict', async ({ folder }) => {
  const sidecar = await EnvoySidecar.start(standIn(folder), {} as Dikastes, folder);
  const probe = { ...toFrontend, timeoutMs: 1_000 };
  const sent = sidecar.send([probe], places.gateway, { ...places.frontend, port: 8080 });
  await expect(sent).rejects.toThrow(/ended by status 7\. The last it logged:\n {2}\[critical\] Caught/);
  await sidecar.close();
});

test('a connection begins with its ends, and proves who makes it', async () => {
  const authority = await MeshAuthority.create();
  const [server, client] = await Promise.all([authority.sign('spiffe://x/server'), authority.sign(identity)]);
  const seen = Promise.withResolvers<{ header: string; peer: PeerCertificate; trusted: boolean }>();
  const listener = createServer((socket) => {
    socket.once('readable', () => {
      const first: Buffer = socket.read();
      const end = first.indexOf('\r\n') + 2;
      socket.unshift(first.subarray(end));
      const header = first.subarray(0, end).toString();
      createSecureServer(
        { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: false },
        (secure) => {
          seen.resolve({ header, peer: secure.getPeerCertificate(), trusted: secure.authorized });
          secure.destroy();
        },
      ).emit('connection', socket);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const connect = connectAs(
    client,
    { address: '10.0.0.1', port: 40_000 },
    { address: '10.0.0.2', port: 8080 },
    (listener.address() as AddressInfo).port,
  );
  const stream = connect({} as never).on('error', () => {});
  stream.write('GET');
  const { header, peer, trusted } = await seen.promise;
  listener.close();
  expect(header).toBe('PROXY TCP4 10.0.0.1 10.0.0.2 40000 8080\r\n');
  expect(peer.subjectaltname).toBe(`URI:${identity}`);
  expect(trusted).toBe(true);
});

test('an authority vouches for what it signed, and another one does not', async () => {
  const [ours, other] = await Promise.all([MeshAuthority.create(), MeshAuthority.create()]);
  const certificate = new X509Certificate((await ours.sign(identity)).cert);
  expect(certificate.verify(new X509Certificate(ours.cert).publicKey)).toBe(true);
  expect(certificate.verify(new X509Certificate(other.cert).publicKey)).toBe(false);
});

test('sweep tells an Envoy that cannot be used as broken, and one that is not there as a mistake', async ({
  folder,
  standIn: dikastes,
}) => {
  const envoy = join(folder, 'envoy');
  executable(envoy, '#!/bin/sh\necho "cannot bind" >&2\nexit 1\n');
  const file = dikastes('good', '3.32');
  executable(join(folder, 'd-v3.32.1'), `#!/bin/sh\nexec '${file}' "$@"\n`);
  const run = (path: string) =>
    execa(
      process.execPath,
      [sweep, '--dikastes', join(folder, 'd-{version}'), '--envoy', path, '--requirement', 'HTTP-02'],
      { reject: false },
    );
  const broken = await run(envoy);
  expect(broken.stdout).toContain('HTTP-02 broken: ');
  expect(broken.stdout).toMatch(/ended by status 1 instead of listening.*\n {2}cannot bind/);
  expect(broken.exitCode).toBe(3);
  const missing = await run(join(folder, 'none'));
  expect(missing.stderr).toContain(`--envoy: there is no ${join(folder, 'none')}.`);
  expect(missing.exitCode).toBe(2);
});

test.describe('a real Envoy', () => {
  test.beforeEach(({}, info) => {
    info.skip(real === undefined, 'ALP_ENVOY names no Envoy: give it the path of an executable one');
  });

  /** Envoy names Dikastes as the mesh does, with a name that Node's HTTP/2 refuses: no stand-in will do. */
  const binaryOf = (release: string, info: TestInfo): string => {
    const binary = (pattern ?? '').replaceAll('{version}', release);
    info.skip(!existsSync(binary), `ALP_DIKASTES names no Dikastes ${release}`);
    return binary;
  };

  const open = (rules: Rule[]) =>
    globalNetworkPolicy('p', { order: 1, selector: "app == 'echo'", types: ['Ingress'], ingress: rules });

  test('decides by Dikastes, normalises paths as Istio does, and logs why', async ({}, info) => {
    // This one compares paths as they come, so that what became of them shows.
    const binary = binaryOf('v3.29.7', info);
    const mesh = await BenchMesh.start({ release: 'v3.29.7', binary, envoy: real! });
    try {
      mesh.put(open([allow({ methods: ['GET'], paths: [{ exact: '/b//c%2fd' }] })]));
      const rows: Row[] = [
        [GET('/b//c%2fd'), 'allowed'],
        [GET('/a/../b//c%2fd'), 'allowed'],
        [GET('/b/c%2fd'), 'denied by alp'],
        [POST('/b//c%2fd'), 'denied by alp'],
        [GET('/b%00'), 'rejected by proxy'],
      ];
      const route = mesh.route('client', 'echo');
      const { edges, judged } = await decide(route, rows);
      expect(edges.filter(({ ok }) => !ok)).toEqual([]);
      const [allowed, normalised, denied] = judged.map(({ observation }) => observation.response);
      expect(denied).toMatchObject({ status: 403, bodyBytes: 0, headers: { server: ['istio-envoy'] } });
      expect(allowed).toMatchObject({
        status: 200,
        headers: { 'x-envoy-upstream-service-time': [expect.stringMatching(/^\d+$/)] },
      });
      expect(JSON.parse(normalised?.body ?? '')).toMatchObject({ target: '/b//c%2fd' });
      expect(judged[2]?.server?.line).toMatch(/10\.0\.0\.1:8080 10\.0\.0\.2:40000 - default$/);
    } finally {
      await mesh.close();
    }
  });

  test('policies of specs are in force for the very next request', async ({}, info) => {
    const binary = binaryOf('v3.32.1', info);
    const bench = await BenchFixtures.open({ release: 'v3.32.1', binary, envoy: real! });
    try {
      const policies = bench.policies('1');
      const policy = await policies.enforce([allow({ methods: ['GET'], paths: [{ exact: '/' }] })]);
      const toEcho = await bench.sandbox.route('client', 'echo');
      expect(await decide(toEcho, [[GET('/other'), 'denied by alp']])).toMatchObject({ ok: true, rounds: 3 });
      await policies.remove(policy);
      expect(await decide(toEcho, [[GET('/other'), 'allowed']])).toMatchObject({ ok: true, rounds: 3 });
    } finally {
      await bench.close();
    }
  });

  test('fails closed, and a Dikastes that is gone is no verdict', async ({ folder }) => {
    const gone = { check: () => Promise.reject(new DikastesError('It ended.')) } as unknown as Dikastes;
    const there = { check: async () => ['OK'] } as unknown as Dikastes;
    const probe = { ...toFrontend, timeoutMs: 10_000 };
    const sidecar = await EnvoySidecar.start(real!, there, folder);
    const [observation] = await sidecar.send([probe], places.gateway, { ...places.frontend, port: 8080 });
    expect(observation?.response).toMatchObject({ status: 403, bodyBytes: 0 });
    await expect.poll(() => sidecar.log()).toContain(' 403 UAEX ext_authz_error ');
    await sidecar.close();
    const other = await EnvoySidecar.start(real!, gone, folder);
    await expect(other.send([probe], places.gateway, { ...places.frontend, port: 8080 })).rejects.toThrow(
      'It ended.',
    );
    await other.close();
  });

  test('that does not understand its configuration says which part', async ({ folder }) => {
    const started = Envoy.start({ binary: real!, folder, bootstrap: { static_ressources: {} } });
    await expect(started).rejects.toThrow(/ended by status 1 instead of listening/);
    await expect(started).rejects.toThrow(/\n {2}.*static_ressources/);
    expect(readdirSync(folder)).toEqual([files.bootstrap]);
    expect(readFileSync(join(folder, files.bootstrap), 'utf8')).toContain('static_ressources');
  });

  for (const release of ['v3.24.1', 'v3.29.7', 'v3.32.1']) {
    test(`tells Dikastes ${release} who asks whom, as in the mesh`, async ({}, info) => {
      const binary = binaryOf(release, info);
      const mesh = await BenchMesh.start({ release, binary, envoy: real! });
      try {
        mesh.put(
          open([
            {
              action: 'Allow',
              protocol: 'TCP',
              source: {
                nets: [`${places.client.address}/32`],
                serviceAccounts: { names: [places.client.serviceAccount] },
              },
              destination: { nets: [`${places.echo.address}/32`], ports: [8080] },
              http: { methods: ['GET'] },
            },
          ]),
        );
        const allowed = await decide(mesh.route('client', 'echo'), [[GET('/'), 'allowed']]);
        expect(allowed.edges).toMatchObject([{ ok: true }]);
        const [stranger] = await observe(mesh.route('gateway', 'echo'), [GET('/')]);
        expect(stranger?.observation.response?.status).toBe(403);
        mesh.put(open([allow({ source: { serviceAccounts: { names: ['nobody'] } } })]));
        const other = await decide(mesh.route('client', 'echo'), [[GET('/'), 'denied by alp']]);
        expect(other.edges).toMatchObject([{ ok: true }]);
      } finally {
        await mesh.close();
      }
    });
  }
});

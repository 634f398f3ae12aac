import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect } from '@playwright/test';
import { Cluster } from '../../fixtures/cluster/client.ts';
import {
  ApiError,
  ForbiddenError,
  UnauthorizedError,
  UnreachableError,
  unreachable,
} from '../../fixtures/cluster/errors.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { ample, object, rejection, test } from './fixture.ts';
import { selfSigned } from './self-signed.ts';

const pods = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop' };
const podsPath = '/api/v1/namespaces/shop/pods';

test('a refusal carries what the server said, with status, reason, method and path', async ({ api }) => {
  api.on('GET', `${podsPath}/a`, (_, answer) => answer.refuse(404, 'NotFound', 'pods "a" not found'));
  const error = await rejection(api.cluster().get({ ...pods, name: 'a' }));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 404, reason: 'NotFound', said: 'pods "a" not found', method: 'GET' });
  expect(error.message).toBe(`pods "a" not found (404 NotFound on GET ${podsPath}/a)`);
});

test('a validation error names the fields', async ({ api }) => {
  const causes = [{ reason: 'FieldValueInvalid', message: 'must be a port', field: 'spec.ports[0]' }];
  api.on('POST', podsPath, (_, answer) => answer.refuse(422, 'Invalid', 'Pod "a" is invalid', { causes }));
  expect(await rejection(api.cluster().create(object('Pod', 'a')))).toMatchObject({ status: 422, causes });
});

test('a refusal without a Status is told in its own words', async ({ api }) => {
  api.on('GET', '/version', (_, answer) => answer.text('upstream is down\nsecond line', 503));
  const error = await rejection(api.cluster().version());
  expect(error).toMatchObject({ status: 503, reason: '' });
  expect(error.message).toBe('upstream is down (503 on GET /version)');
});

test('401 says whose credentials are refused and how to check them', async ({ api }) => {
  api.on('GET', '/version', (_, answer) => answer.refuse(401, 'Unauthorized', 'Unauthorized'));
  const error = await rejection(api.cluster().version());
  expect(error).toBeInstanceOf(UnauthorizedError);
  expect(error.message).toContain('credentials of context "test"');
  expect(error.message).toContain('kubectl --context test auth whoami');
});

test('403 of the authorizer says which verb on which resource, and what to do', async ({ api }) => {
  const said =
    'pods is forbidden: User "tester" cannot list resource "pods" in API group "" in the namespace "shop"';
  api.on('GET', podsPath, (_, answer) => answer.refuse(403, 'Forbidden', said));
  const error = await rejection(api.cluster().list(pods));
  expect(error).toBeInstanceOf(ForbiddenError);
  expect(error.message).toContain('may not list pods in namespace shop');
  expect(error.message).toContain(said);
  expect(error.message).toContain('Grant it');
});

test('403 of an admission check is not taken for a missing permission', async ({ api }) => {
  api.on('POST', podsPath, (_, answer) =>
    answer.refuse(403, 'Forbidden', 'pods "a" is forbidden: exceeded quota'),
  );
  const error = await rejection(api.cluster().create(object('Pod', 'a')));
  expect(error).toBeInstanceOf(ForbiddenError);
  expect(error.message).toContain('exceeded quota');
  expect(error.message).not.toContain('Grant it');
});

test('a port where nothing listens is unreachable, and the sentence names the server', async ({ api }) => {
  const config = api.kubeConfig();
  const cluster = api.cluster({}, config);
  await api.stop();
  const error = await rejection(cluster.version());
  expect(error).toBeInstanceOf(UnreachableError);
  expect(error).toMatchObject({ server: cluster.serverUrl, code: 'ECONNREFUSED' });
  expect(error.message).toContain(`Cannot reach the cluster at ${cluster.serverUrl}: nothing listens there`);
});

test('a certificate of another authority is unreachable, with what to check', async ({ api }) => {
  const file = api.kubeConfigFile();
  const other = Buffer.from(selfSigned('another authority').cert).toString('base64');
  file.clusters[0]!.cluster['certificate-authority-data'] = other;
  const config = api.kubeConfig();
  config.loadFromString(JSON.stringify(file));
  config.setCurrentContext('test');
  const error = await rejection(api.cluster({}, config).version());
  expect(error).toBeInstanceOf(UnreachableError);
  expect(error.message).toContain('the TLS handshake failed');
  expect(error.message).toContain('certificate-authority-data');
});

const causes: [code: string, advice: RegExp][] = [
  ['ENOTFOUND', /its name does not resolve.*VPN/],
  ['EAI_AGAIN', /its name does not resolve.*DNS/],
  ['UND_ERR_CONNECT_TIMEOUT', /no connection.*firewalls/],
  ['EHOSTUNREACH', /no connection.*network/],
  ['CERT_HAS_EXPIRED', /TLS handshake failed.*clock/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /TLS handshake failed.*tls-server-name/],
  ['ECONNRESET', /read ECONNRESET\. Check the address/],
];
for (const [code, advice] of causes) {
  test(`${code} says what to check`, () => {
    const socket = Object.assign(new Error(`read ${code}`), { code });
    const error = unreachable('https://192.0.2.1:6443', new TypeError('fetch failed', { cause: socket }));
    expect(error).toMatchObject({ code, server: 'https://192.0.2.1:6443' });
    expect(error.message).toMatch(advice);
  });
}

test('a server that speaks no TLS is unreachable', async ({ api }) => {
  const plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((listening) => plain.listen(0, '127.0.0.1', listening));
  const address = plain.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const file = api.kubeConfigFile();
  file.clusters[0]!.cluster.server = `https://127.0.0.1:${port}`;
  const config = api.kubeConfig();
  config.loadFromString(JSON.stringify(file));
  config.setCurrentContext('test');
  const error = await rejection(api.cluster({}, config).version());
  expect(error).toBeInstanceOf(UnreachableError);
  expect(error.message).toContain('the TLS handshake failed');
  plain.close();
});

test('an answer that is not JSON is no API server', async ({ api }) => {
  api.on('GET', '/version', (_, answer) => answer.text('<html>Sign in</html>'));
  const error = await rejection(api.cluster().version());
  expect(error).toBeInstanceOf(UnreachableError);
  expect(error.message).toContain('is no Kubernetes API server');
});

test('a read that gets no answer in time is unreachable, and says how long it waited', async ({ api }) => {
  api.on('GET', '/version', () => {});
  const error = await rejection(api.cluster({ requestTimeoutMs: 200 }).version());
  expect(error).toMatchObject({ code: 'ETIMEDOUT' });
  expect(error.message).toContain('did not answer GET /version within 0.2 s');
});

test('a mutation that gets no answer in time warns that it may have been carried out', async ({ api }) => {
  api.on('POST', podsPath, () => {});
  const cluster = api.cluster({ requestTimeoutMs: 1_500 });
  const error = await rejection(cluster.create(object('Pod', 'a')));
  expect(error.message).toContain('may have been carried out');
});

test('requests share connections', async ({ api }) => {
  api.on('GET', '/version', (_, answer) => answer.json({ gitVersion: 'v1.34.4' }));
  const cluster = api.cluster();
  for (let i = 0; i < 20; i++) await cluster.version();
  // Not always one: the next request may come before the connection is known to be free again.
  expect(api.connections).toBeLessThan(5);
});

test('a read is sent again when its connection is dropped before an answer', async ({ api }) => {
  api.onEach(
    'GET',
    '/version',
    (_, answer) => answer.hangUp(),
    (_, answer) => answer.hangUp(),
    (_, answer) => answer.json({ gitVersion: 'v1.34.4' }),
  );
  expect(await api.cluster().version()).toBe('v1.34.4');
  expect(api.seen('GET', '/version')).toHaveLength(3);
});

test('a read is given up when its third connection is dropped', async ({ api }) => {
  api.on('GET', '/version', (_, answer) => answer.hangUp());
  expect(await rejection(api.cluster().version())).toBeInstanceOf(UnreachableError);
  expect(api.seen('GET', '/version')).toHaveLength(3);
});

test('a read is not sent again once an answer has begun', async ({ api }) => {
  api.on('GET', '/version', (_, answer) => {
    answer.response.writeHead(200, { 'content-length': '100' });
    answer.response.write('{"gitVersion":');
    answer.drop();
  });
  expect(await rejection(api.cluster().version())).toBeInstanceOf(UnreachableError);
  expect(api.seen('GET', '/version')).toHaveLength(1);
});

const mutations: [
  title: string,
  method: string,
  path: string,
  run: (cluster: Cluster) => Promise<unknown>,
][] = [
  ['create', 'POST', podsPath, (cluster) => cluster.create(object('Pod', 'a'))],
  ['apply', 'PATCH', `${podsPath}/a`, (cluster) => cluster.apply(object('Pod', 'a'))],
  [
    'patch',
    'PATCH',
    `${podsPath}/a`,
    (cluster) => cluster.patch({ ...pods, name: 'a' }, {}, { type: 'merge' }),
  ],
  ['delete', 'DELETE', `${podsPath}/a`, (cluster) => cluster.delete({ ...pods, name: 'a' })],
];
for (const [title, method, path, run] of mutations) {
  test(`${title} is never sent again`, async ({ api }) => {
    api.on(method, path, (_, answer) => answer.hangUp());
    expect(await rejection(run(api.cluster()))).toBeInstanceOf(UnreachableError);
    expect(api.seen(method, path)).toHaveLength(1);
  });
}

test('a token authenticates', async ({ api }) => {
  api.on('GET', '/version', (request, answer) => answer.json({ gitVersion: request.headers.authorization }));
  expect(await api.cluster().version()).toBe('Bearer secret');
});

test('user name and password authenticate', async ({ api }) => {
  api.on('GET', '/version', (request, answer) => answer.json({ gitVersion: request.headers.authorization }));
  const config = api.kubeConfig({ username: 'ann', password: 'p' });
  expect(await api.cluster({}, config).version()).toBe(`Basic ${Buffer.from('ann:p').toString('base64')}`);
});

test('a client certificate authenticates', async ({ api }) => {
  api.on('GET', '/version', (request, answer) => answer.json({ gitVersion: request.clientCertificate }));
  const { cert, key } = selfSigned('ann');
  const config = api.kubeConfig({
    'client-certificate-data': Buffer.from(cert).toString('base64'),
    'client-key-data': Buffer.from(key).toString('base64'),
  });
  expect(await api.cluster({}, config).version()).toBe('ann');
});

test('a client certificate renewed in its file is used from then on', async ({ api }, info) => {
  const files = { cert: info.outputPath('client.crt'), key: info.outputPath('client.key') };
  const renew = (name: string) => {
    const identity = selfSigned(name);
    writeFileSync(files.cert, identity.cert);
    writeFileSync(files.key, identity.key);
  };
  renew('first');
  api.on('GET', '/version', (request, answer) => answer.json({ gitVersion: request.clientCertificate }));
  const config = api.kubeConfig({ 'client-certificate': files.cert, 'client-key': files.key });
  const cluster = api.cluster({}, config);
  expect(await cluster.version()).toBe('first');
  renew('second');
  expect(await cluster.version()).toBe('second');
});

test('a token file is read for every request, without its line end', async ({ api }, info) => {
  const token = info.outputPath('token');
  writeFileSync(token, 'first\n');
  writeFileSync(info.outputPath('config'), JSON.stringify(api.kubeConfigFile({ tokenFile: 'token' })));
  api.on('GET', '/version', (request, answer) => answer.json({ gitVersion: request.headers.authorization }));
  const config = loadKubeConfig({ kubeconfig: info.outputPath('config'), context: 'test' });
  const cluster = api.cluster({}, config);
  expect(await cluster.version()).toBe('Bearer first');
  writeFileSync(token, 'second\n');
  expect(await cluster.version()).toBe('Bearer second');
});

test('a credential command that fails is told with its own words', async ({ api }) => {
  const args = ['-e', 'console.error("session expired"); process.exit(1)'];
  const config = api.kubeConfig({
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args },
  });
  const error = await rejection(api.cluster({}, config).version());
  expect(error).toBeInstanceOf(UnreachableError);
  expect(error.message).toContain('The credentials of user "tester" cannot be had: session expired');
});

test('a server over plain HTTP, such as `kubectl proxy`, is reached', async ({}, info) => {
  const proxy = createServer((socket) => {
    socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 24\r\n\r\n{"gitVersion":"v1.34.4"}');
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const address = proxy.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const file = {
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'proxy', context: { cluster: 'c', user: 'u' } }],
  };
  writeFileSync(info.outputPath('config'), JSON.stringify(file));
  const config = loadKubeConfig({ kubeconfig: info.outputPath('config'), context: 'proxy' });
  const cluster = Cluster.connect(config, { requestTimeoutMs: ample });
  expect(await cluster.version()).toBe('v1.34.4');
  await cluster.close();
  proxy.close();
});

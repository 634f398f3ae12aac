import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import type { VirtualSocket } from '../../../reference/network/interface.ts';
import { addresses, Mesh } from './mesh.ts';

let mesh: Mesh;
test.beforeEach(async () => {
  mesh = await Mesh.start();
});
test.afterEach(() => mesh.close());

/** What comes of raw bytes at the gateway until it closes. */
async function raw(...lines: string[]): Promise<string> {
  const socket = mesh.connect('outside', addresses.gateway, 8080);
  socket.write(lines.join('\r\n'));
  return text(socket);
}

/** Lets an application of the test's own answer in place of the echo. */
function application(answer: (socket: Duplex, request: string) => void): void {
  mesh.endpoint = { ...mesh.endpoint, port: 8090 };
  mesh.route = mesh.cluster({ endpoints: [mesh.endpoint] });
  mesh.at('echo').network.listen(8090, (socket: VirtualSocket) => {
    socket.on('error', () => {}).on('data', (bytes) => answer(socket, String(bytes)));
  });
}

const refusals: [what: string, request: string[], status: string, body: string, details: string][] = [
  [
    'HTTP/1.0',
    ['GET / HTTP/1.0', 'Host: x', '', ''],
    '426 Upgrade Required',
    'Upgrade Required',
    'low_version',
  ],
  ['no Host', ['GET / HTTP/1.1', 'Connection: close', '', ''], '400 Bad Request', '', 'missing_host_header'],
  ['no HTTP', ['hello', ''], '400 Bad Request', 'Bad Request', 'http1.codec_error'],
  [
    'a broken header line',
    ['GET / HTTP/1.1', 'Host x', '', ''],
    '400 Bad Request',
    'Bad Request',
    'http1.codec_error',
  ],
  [
    'a length and chunks',
    ['POST / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Transfer-Encoding: chunked', '', ''],
    '400 Bad Request',
    'Bad Request',
    'http1.codec_error',
  ],
  [
    'a body that is too large',
    ['POST / HTTP/1.1', 'Host: x', 'Content-Length: 99999999', 'Connection: close', '', ''],
    '413 Payload Too Large',
    'Payload Too Large',
    'request_payload_too_large',
  ],
];

for (const [what, request, status, body, details] of refusals) {
  test(`${what} is refused and the connection closed`, async () => {
    const answer = await raw(...request);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status}\r\n`));
    expect(answer.split('\r\n\r\n')[1]).toBe(body);
    expect(answer).toContain('\r\nconnection: close\r\n');
    expect(mesh.at('gateway').log.at(-1)).toContain(` ${details} `);
    expect(mesh.asked).toEqual([]);
  });
}

test('bodies reach the application as they were sent, by length or in chunks', async () => {
  const seen: string[] = [];
  application((socket, request) => {
    seen.push(request);
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n');
  });
  const answer = await raw(
    'POST /a HTTP/1.1',
    'Host: x',
    'Content-Length: 3',
    '',
    'onePOST /b HTTP/1.1',
    'Host: x',
    'Transfer-Encoding: chunked',
    'Connection: close',
    '',
    '3\r\ntwo\r\n0\r\n\r\n',
  );
  expect(answer.match(/^HTTP\/1\.1 200 OK/gm)).toHaveLength(2);
  expect(answer.match(/\r\n2\r\nok\r\n0\r\n\r\n/g)).toHaveLength(2);
  expect(seen[0]).toMatch(/^POST \/a HTTP\/1\.1\r\nhost: x\r\n.*content-length: 3\r\n.*\r\n\r\none$/s);
  expect(seen[1]).toMatch(/^POST \/b HTTP\/1\.1.*transfer-encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n$/s);
});

test('a client that waits for leave to send its body gets it', async () => {
  const socket = mesh.connect('outside', addresses.gateway, 8080);
  socket.write(
    'PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n',
  );
  expect(String((await once(socket, 'data'))[0])).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('ok');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK/);
});

test('a connection carries many requests, and so do those behind it', async () => {
  const asked = Array.from({ length: 12 }, () => ({ connection: 'one' }));
  const seen = await mesh.send('outside', ...asked);
  expect(seen.map(({ observation }) => observation.reused ?? false)).toEqual([
    false,
    ...Array(11).fill(true),
  ]);
  expect(mesh.tried.filter((address) => address === addresses.echo)).toHaveLength(1);
  expect(seen[0]?.observation.response?.headers.connection).toBeUndefined();
});

test('a pooled connection that the upstream closed is replaced unseen', async () => {
  let connections = 0;
  application((socket) => {
    connections += 1;
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
  });
  for (let round = 0; round < 3; round += 1) {
    const { observation } = await mesh.get('client');
    expect(observation.response?.status).toBe(200);
  }
  expect(connections).toBe(3);
});

test('an upstream that closes without an answer is 503, and not asked again', async () => {
  let requests = 0;
  application((socket) => {
    requests += 1;
    socket.destroy();
  });
  const { observation, server } = await mesh.get('client');
  expect(observation.response).toMatchObject({ status: 503, headers: { server: ['envoy'] } });
  expect(server).toContain(' 503 UC upstream_reset_before_response_started{connection_termination} ');
  expect(requests).toBe(1);
});

test('an upstream that speaks something else is 502', async () => {
  application((socket) => socket.write('220 ready\r\n\r\n'));
  const { observation, server } = await mesh.get('client');
  expect(observation.response?.status).toBe(502);
  expect(server).toContain(' 502 UPE upstream_reset_before_response_started{protocol_error} ');
});

test('an upgrade becomes a connection of bytes, once Dikastes allows it', async () => {
  application((socket, request) => {
    if (request.startsWith('GET')) {
      expect(request).toMatch(/\r\nconnection: upgrade\r\n/);
      expect(request).toMatch(/\r\nupgrade: websocket\r\n/);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    } else {
      socket.write(request.toUpperCase());
    }
  });
  const socket = mesh.connect('client', addresses.service, 80);
  const upgrade = 'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  socket.write(upgrade);
  const [head] = (await once(socket, 'data')) as [Buffer];
  expect(String(head)).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
  expect(String(head)).toMatch(/\r\nconnection: upgrade\r\n/i);
  // What is open outlives a new deny; only a new upgrade is asked about.
  mesh.dikastes = () => 'PERMISSION_DENIED';
  socket.write('ping');
  expect(String((await once(socket, 'data'))[0])).toBe('PING');
  const refused = mesh.connect('client', addresses.service, 80);
  refused.write(upgrade);
  expect(await text(refused)).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n(.*\r\n)*connection: close\r\n/);
  // A line is written when all is over.
  expect(mesh.at('client').log).toHaveLength(1);
  socket.destroy();
  await expect
    .poll(() => mesh.at('client').log[1])
    .toContain('"GET /ws HTTP/1.1" 101 DC downstream_remote_disconnect - "-" 4 4 ');
});

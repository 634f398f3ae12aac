import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { addresses, Mesh } from './mesh.ts';

let mesh: Mesh;
test.beforeEach(async () => {
  mesh = await Mesh.start();
  mesh.protocol = 'tcp';
  mesh.endpoint = { ...mesh.endpoint, port: 9001 };
  mesh.route = mesh.cluster({
    cluster: 'outbound|9001||echo.default.svc.cluster.local',
    endpoints: [mesh.endpoint],
  });
  mesh.at('echo').network.listen(9001, (socket) => void socket.pipe(socket));
  mesh.at('echo').network.listen(9002, (socket) => {
    socket.on('error', () => {}).write('banner');
    socket.once('data', () => socket.end('more'));
  });
});
test.afterEach(() => mesh.close());

const log = (name: 'client' | 'echo') => mesh.at(name).log;

/** Speaks first and hears everything until the end. */
async function say(words: string): Promise<string> {
  const socket = mesh.connect('client', addresses.service, 80);
  socket.end(words);
  return text(socket);
}

test('bytes go to and fro, and both sidecars log the connection', async () => {
  expect(await say('hello')).toBe('hello');
  expect(mesh.asked).toMatchObject([
    {
      source: { address: addresses.client, principal: 'spiffe://cluster.local/ns/default/sa/client' },
      destination: { address: addresses.echo, port: 9001 },
    },
  ]);
  expect(mesh.asked[0]).not.toHaveProperty('http');
  await expect.poll(() => [log('client').length, log('echo').length]).toEqual([1, 1]);
  expect(log('echo')[0]).toMatch(
    /"- - -" 0 - - - "-" 5 5 \d+ - "-" "-" "-" "-" "10\.0\.0\.2:9001" inbound\|9001\|\| 127\.0\.0\.6:\d+ 10\.0\.0\.2:9001 10\.0\.0\.3:\d+ outbound_\.9001_\._\.echo\.default\.svc\.cluster\.local -$/,
  );
  expect(log('client')[0]).toMatch(/"- - -" 0 - - - "-" 5 5 .* outbound\|9001\|\|echo\.default/);
});

test('a denial closes the connection at the first bytes, without one in return', async () => {
  mesh.dikastes = () => 'PERMISSION_DENIED';
  expect(await say('hello')).toBe('');
  await expect.poll(() => log('echo')[0]).toMatch(/"- - -" 0 UAEX ext_authz_denied - "-" 0 0 /);
});

test('so does a Dikastes that does not answer', async () => {
  mesh.dikastes = () => 'no answer';
  expect(await say('hello')).toBe('');
  await expect.poll(() => log('echo')[0]).toContain(' 0 UAEX ext_authz_error ');
});

test('a banner is delivered before the denial', async () => {
  mesh.dikastes = () => 'PERMISSION_DENIED';
  mesh.endpoint = { ...mesh.endpoint, port: 9002 };
  mesh.route = mesh.cluster({ endpoints: [mesh.endpoint] });
  const socket = mesh.connect('client', addresses.service, 80);
  expect(String((await once(socket, 'data'))[0])).toBe('banner');
  socket.write('hello');
  expect(await text(socket)).toBe('');
});

test('a banner that has to wait for the decision is a fault that can be laid over', async () => {
  mesh.close();
  mesh = await Mesh.start({ rules: { passesUndecided: () => false } });
  mesh.protocol = 'tcp';
  mesh.dikastes = () => 'PERMISSION_DENIED';
  mesh.endpoint = { ...mesh.endpoint, port: 9002 };
  mesh.route = mesh.cluster({ endpoints: [mesh.endpoint] });
  mesh.at('echo').network.listen(9002, (socket) => void socket.write('banner'));
  expect(await say('hello')).toBe('');
});

test('an open connection outlives a new deny', async () => {
  const socket = mesh.connect('client', addresses.service, 80);
  socket.write('one');
  await once(socket, 'data');
  mesh.dikastes = () => 'PERMISSION_DENIED';
  socket.write('two');
  expect(String((await once(socket, 'data'))[0])).toBe('two');
  expect(mesh.asked).toHaveLength(1);
});

test('the client’s sidecar accepts what Felix drops, and resets it when its attempts are over', async () => {
  mesh.dropped.add(addresses.echo);
  const socket = mesh.connect('client', addresses.service, 80);
  socket.write('hello');
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
  await expect.poll(() => log('client')[0]).toContain('" 0 UF,URX - ');
  expect(mesh.tried).toHaveLength(3);
});

test('a port without declared protocol is known by its first bytes', async () => {
  mesh.protocol = 'auto';
  mesh.mode = 'PERMISSIVE';
  const byAddress = { host: addresses.echo, port: 8080 };
  expect((await mesh.get('plain', '/', byAddress)).verdict.name).toBe('allowed');
  expect(mesh.asked.at(-1)).toHaveProperty('http');
  expect(await say('hello')).toBe('hello');
  expect(mesh.asked.at(-1)).not.toHaveProperty('http');
});

import { once } from 'node:events';
import { expect, test } from '@playwright/test';
import type { VirtualSocket } from '../../../reference/network/interface.ts';
import { clientAndServer, connected, failure, network, settled, text } from './harness.ts';

/** Says on every connection who was reached. */
const says = (name: string) => (socket: VirtualSocket) => void socket.end(name);

const service = { address: '10.96.0.1', port: 80 };

test('a name is resolved as seen from the namespace of the pod, and led to an endpoint', async () => {
  const asked: unknown[] = [];
  const { client, server } = clientAndServer({
    resolve: (...question) => {
      asked.push(question);
      return service.address;
    },
    balance: (address, port) =>
      address === service.address && port === service.port ? { address: '10.0.0.2', port: 8080 } : undefined,
  });
  let far: VirtualSocket | undefined;
  server.listen(8080, (socket) => {
    far = socket;
    socket.end('server');
  });
  const socket = client.connect({ host: 'server', port: 80 });
  expect(socket.connecting).toBe(true);
  expect(await text(socket)).toBe('server');
  expect(asked).toEqual([['server', 'shop']]);
  // Kube-proxy changes the destination behind the client's back.
  expect(socket).toMatchObject({ remoteAddress: service.address, remotePort: 80 });
  expect(far).toMatchObject({ localAddress: '10.0.0.2', localPort: 8080 });
});

test('a name that nobody knows is an error of resolving, in a later turn', async () => {
  const { client } = clientAndServer();
  const socket = client.connect({ host: 'nowhere', port: 80 });
  expect(socket.destroyed).toBe(false);
  expect(await failure(socket)).toMatchObject({
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname: 'nowhere',
  });
});

test('a service without endpoints and a port without listener refuse', async () => {
  const { client, server } = clientAndServer({
    balance: (address) => (address === service.address ? 'refused' : undefined),
  });
  const stop = server.listen(81, says('server'));
  for (const [host, port] of [
    [service.address, 80],
    ['10.0.0.2', 80],
  ] as const) {
    const error = await failure(client.connect({ host, port }));
    expect(error).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect', address: host, port });
  }
  expect(await text(client.connect({ host: '10.0.0.2', port: 81 }))).toBe('server');
  stop();
  expect(await failure(client.connect({ host: '10.0.0.2', port: 81 }))).toMatchObject({
    code: 'ECONNREFUSED',
  });
});

test('a SYN that a policy drops, or that goes nowhere, is never answered', async () => {
  const questions: unknown[] = [];
  const { client, server } = clientAndServer({
    permits: (question) => {
      questions.push(question);
      return false;
    },
  });
  server.listen(80, says('server'));
  const dropped = client.connect({ host: '10.0.0.2', port: 80 });
  const lost = client.connect({ host: '10.0.0.3', port: 80 });
  await settled();
  for (const socket of [dropped, lost]) {
    expect(socket).toMatchObject({ connecting: true, destroyed: false, remoteAddress: undefined });
  }
  expect(questions).toEqual([{ source: '10.0.0.1', sourceIsHost: false, destination: '10.0.0.2', port: 80 }]);
  dropped.destroy();
  await once(dropped, 'close');
});

test('a node says that it is one', async () => {
  const net = network({ permits: ({ sourceIsHost }) => sourceIsHost });
  const node = net.attach('192.168.0.1', { host: true });
  const pod = net.attach('10.0.0.1', { pod: 'shop/client' });
  net.attach('10.0.0.2', { pod: 'shop/server' }).listen(80, says('server'));
  expect(await text(node.connect({ host: '10.0.0.2', port: 80 }))).toBe('server');
  const dropped = pod.connect({ host: '10.0.0.2', port: 80 });
  await settled();
  expect(dropped.connecting).toBe(true);
});

test('a connection that stands outlives the policy that allowed it', async () => {
  let allowed = true;
  const { client, server } = clientAndServer({ permits: () => allowed });
  const [near, far] = await connected(client, server);
  allowed = false;
  near.end('still');
  expect(await text(far)).toBe('still');
});

test('the sidecar takes what its pod sends, which is connected at once whatever lies behind', async () => {
  const { client } = clientAndServer({
    permits: () => false,
    resolve: () => service.address,
    balance: () => 'refused',
  });
  const taken: unknown[] = [];
  client.capture = {
    outbound: (socket, destination) => {
      taken.push(destination);
      socket.end('sidecar');
    },
  };
  const socket = client.connect({ host: 'server', port: 80 });
  expect(await text(socket)).toBe('sidecar');
  expect(taken).toEqual([service]);
  expect(socket).toMatchObject({ localAddress: '10.0.0.1', remoteAddress: service.address, remotePort: 80 });
});

test("the sidecar's own connections pass its capture", async () => {
  const { client, server } = clientAndServer();
  server.listen(80, says('server'));
  client.capture = { outbound: says('sidecar') };
  expect(await text(client.connect({ host: '10.0.0.2', port: 80 }, { direct: true }))).toBe('server');
  client.capture = {};
  expect(await text(client.connect({ host: '10.0.0.2', port: 80 }))).toBe('server');
});

test('the sidecar takes what comes to any port, and reaches its pod from 127.0.0.6', async () => {
  const { client, server } = clientAndServer();
  let far: VirtualSocket | undefined;
  server.listen(80, (socket) => {
    far = socket;
    socket.end('server');
  });
  const ports: number[] = [];
  server.capture = {
    inbound: (socket, port) => {
      ports.push(port);
      socket.end('sidecar');
    },
  };
  for (const port of [80, 9999]) {
    expect(await text(client.connect({ host: '10.0.0.2', port }))).toBe('sidecar');
  }
  expect(ports).toEqual([80, 9999]);
  expect(await text(server.connectLocal(80))).toBe('server');
  expect(far).toMatchObject({ remoteAddress: '127.0.0.6', localAddress: '10.0.0.2', localPort: 80 });
  expect(await failure(server.connectLocal(81))).toMatchObject({ code: 'ECONNREFUSED' });
});

test('what a pod sends to itself is neither captured nor subject to policy', async () => {
  const { server } = clientAndServer({ permits: () => false });
  server.listen(80, says('itself'));
  server.capture = { inbound: says('inbound'), outbound: says('outbound') };
  for (const host of ['127.0.0.1', 'localhost', '10.0.0.2']) {
    expect(await text(server.connect({ host, port: 80 }))).toBe('itself');
  }
  // But the sidecar that goes on to its own pod comes in as from outside.
  expect(await text(server.connect({ host: '10.0.0.2', port: 80 }, { direct: true }))).toBe('inbound');
  expect(await failure(server.connect({ host: '127.0.0.1', port: 81 }))).toMatchObject({
    code: 'ECONNREFUSED',
  });
});

test('detaching an address resets its connections and ends its listeners', async () => {
  const { net, client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  const [there, back] = await connected(server, client);
  server.listen(80, says('server'));
  net.detach('10.0.0.2');
  expect(await failure(near)).toMatchObject({ code: 'ECONNRESET' });
  expect(await failure(back)).toMatchObject({ code: 'ECONNRESET' });
  expect([far, there].map(({ destroyed, errored }) => [destroyed, errored])).toEqual([
    [true, null],
    [true, null],
  ]);
  const lost = client.connect({ host: '10.0.0.2', port: 80 });
  await settled();
  expect(lost.connecting).toBe(true);
  expect(await failure(server.connect({ host: '10.0.0.1', port: 80 }))).toMatchObject({
    code: 'ENETUNREACH',
  });

  net.attach('10.0.0.2', { pod: 'shop/next' }).listen(80, says('next'));
  expect(await text(client.connect({ host: '10.0.0.2', port: 80 }))).toBe('next');
});

test('an address and a port have one holder', () => {
  const { net, server } = clientAndServer();
  expect(() => net.attach('10.0.0.2', {})).toThrow('10.0.0.2');
  const stop = server.listen(80, says('first'));
  expect(() => server.listen(80, says('second'))).toThrow(expect.objectContaining({ code: 'EADDRINUSE' }));
  stop();
  const again = server.listen(80, says('third'));
  // Stopping what has stopped leaves the next one alone.
  stop();
  expect(() => server.listen(80, says('fourth'))).toThrow('EADDRINUSE');
  again();
});

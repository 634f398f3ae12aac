import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect } from '@playwright/test';
import { runBatch } from '../../fixtures/agent/batch.ts';
import { KeptConnections } from '../../fixtures/agent/kept.ts';
import { answerBatches } from '../../fixtures/agent/prober.ts';
import type { EndOfBatch, Observation, ProbeRequest } from '../../fixtures/agent/protocol.ts';
import { connectTcp } from '../../fixtures/agent/wire.ts';
import { answering, test as base, probe, type scripted } from './harness.ts';

const empty = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

/** Sends batches one after the other, as a prober does, with connections that are kept between them. */
const test = base.extend<{ kept: KeptConnections }>({
  kept: async ({}, use) => {
    const kept = new KeptConnections();
    await use(kept);
    kept.close();
  },
});

/** Counts the connections of a server, and tells when one of them ends. */
function counting(server: ReturnType<typeof scripted>) {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  return { server, sockets };
}

for (const [protocol, answer] of [
  ['http/1.1', 'status 200'],
  ['h2', 'status 200'],
  ['grpc', 'status 200'],
  ['websocket', 'text alp-conformance'],
  ['tcp', 'text hello'],
] as const) {
  test(`a named connection by ${protocol} lives on after its batch`, async ({ kept }) => {
    const { serve } = await import('../../fixtures/agent/serve.ts');
    const serving = await serve({ pod: '', namespace: '' }, { ports: [0], tcp: 0, host: '127.0.0.1' });
    const port = protocol === 'tcp' ? serving.tcp! : serving.ports[0]!;
    const ask = () =>
      probe({ port, protocol, connection: 'held', ...(protocol === 'tcp' && { payload: 'hello' }) });
    const rounds: Observation[] = [];
    for (let round = 0; round < 3; round += 1) {
      rounds.push(...(await runBatch([ask()], { connections: kept })));
    }
    const seen = rounds.map(({ response, text, error }) =>
      text === undefined ? `status ${response?.status ?? error?.code}` : `text ${text}`,
    );
    expect(seen).toEqual([answer, answer, answer]);
    expect(rounds.map(({ reused }) => reused)).toEqual([undefined, true, true]);
    expect(new Set(rounds.map(({ local }) => local)).size).toBe(1);
    const [open] = await runBatch([{ ...ask(), ifOpen: true }], { connections: kept });
    expect(open?.error).toBeUndefined();
    await serving.close();
  });
}

test('a connection that a probe needs open is not opened for it', async ({ listen, kept }) => {
  const { server, sockets } = counting(answering(empty));
  const port = await listen(server);
  const request = probe({ port, connection: 'held', ifOpen: true });
  const [observation] = await runBatch([request], { connections: kept });
  expect(observation?.error).toEqual({
    stage: 'send',
    code: 'EOF',
    message: 'There is no open connection "held".',
    bytes: 0,
  });
  expect(observation?.local).toBeUndefined();
  // A probe that opens one shows that none came before it.
  await runBatch([probe({ port })]);
  expect(sockets).toHaveLength(1);
});

test('a connection that a probe needs open and that has ended meanwhile is an error between its ends', async ({
  listen,
  kept,
}) => {
  const { server, sockets } = counting(answering(empty));
  const port = await listen(server);
  const opened: Socket[] = [];
  const connect = (request: ProbeRequest) => {
    const socket = connectTcp(request) as Socket;
    opened.push(socket);
    return socket;
  };
  const options = { connections: kept, connect };
  const [first] = await runBatch([probe({ port, connection: 'held' })], options);
  sockets[0]!.end();
  await once(opened[0]!, 'close');
  const [second, third] = await runBatch(
    [probe({ port, connection: 'held', ifOpen: true }), probe({ port, connection: 'held' })],
    options,
  );
  expect(second?.error).toMatchObject({ stage: 'send', code: 'EOF', bytes: 0 });
  expect([second?.local, second?.peer]).toEqual([first?.local, first?.peer]);
  expect(third?.response?.status).toBe(200);
  expect(third?.reused).toBeUndefined();
  expect(sockets).toHaveLength(2);
});

test('a connection that was opened in the same batch is open for the next probe', async ({ listen }) => {
  const port = await listen(answering(empty));
  const [, second] = await runBatch([
    probe({ port, connection: 'held' }),
    probe({ port, connection: 'held', ifOpen: true }),
  ]);
  expect(second).toMatchObject({ reused: true, response: { status: 200 } });
});

test('of more connections than can be kept, that which was used the longest ago is closed', async ({
  listen,
}) => {
  const kept = new KeptConnections(2);
  const { server, sockets } = counting(answering(empty));
  const port = await listen(server);
  const send = async (...names: string[]) =>
    runBatch(
      names.map((connection) => probe({ port, connection })),
      { connections: kept, parallel: 1 },
    );
  await send('a', 'b');
  await send('a');
  const closed = once(sockets[1]!, 'close');
  await send('c');
  await closed;
  expect((await send('a', 'c')).map(({ reused }) => reused)).toEqual([true, true]);
  expect((await send('b')).map(({ reused }) => reused)).toEqual([undefined]);
  kept.close();
});

test('a connection whose answer never came is not kept', async ({ listen, kept }) => {
  let connections = 0;
  const port = await listen(
    createServer((socket) => {
      connections += 1;
      socket.on('data', () => (connections === 2 ? socket.write('late') : undefined));
    }),
  );
  const [first] = await runBatch(
    [probe({ port, protocol: 'tcp', payload: 'x', connection: 'held', timeoutMs: 100 })],
    { connections: kept },
  );
  expect(first?.error?.code).toBe('ETIMEDOUT');
  const [second] = await runBatch([probe({ port, protocol: 'tcp', payload: 'late', connection: 'held' })], {
    connections: kept,
  });
  expect(second).toMatchObject({ text: 'late' });
  expect(second?.reused).toBeUndefined();
});

test('a prober keeps connections from batch to batch, and ends them when its input ends', async ({
  listen,
}) => {
  const { server, sockets } = counting(answering(empty));
  const port = await listen(server);
  const lines: (ProbeRequest | EndOfBatch)[] = [
    probe({ port, connection: 'held' }),
    probe({ port, connection: 'other' }),
    { end: true },
    probe({ port, connection: 'held', ifOpen: true }),
    { end: true },
  ];
  async function* input() {
    yield* lines.map((line) => JSON.stringify(line));
  }
  const answers: (Observation | EndOfBatch)[] = [];
  await answerBatches(input(), {
    print: async (line) => {
      answers.push(JSON.parse(line) as Observation | EndOfBatch);
    },
  });
  expect(answers.map((answer) => ('end' in answer ? 'end' : answer.response?.status))).toEqual([
    200,
    200,
    'end',
    200,
    'end',
  ]);
  expect(sockets).toHaveLength(2);
  await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close')));
});

test('without keeping, a batch ends the connections that it opened', async ({ listen }) => {
  const { server, sockets } = counting(answering(empty));
  const port = await listen(server);
  const closed = Promise.withResolvers<void>();
  server.on('connection', (socket: Socket) => socket.on('close', () => closed.resolve()));
  await runBatch([probe({ port, connection: 'held' })]);
  await closed.promise;
  expect(sockets).toHaveLength(1);
});

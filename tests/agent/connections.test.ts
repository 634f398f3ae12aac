import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect } from '@playwright/test';
import { runBatch } from '../../fixtures/agent/batch.ts';
import { type Connect, connectTcp } from '../../fixtures/agent/wire.ts';
import { answering, end, probe, scripted, send, test } from './harness.ts';

const empty = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const GET = { method: 'GET', target: '/' };

test.describe('probes that name one connection', () => {
  test('go over it one after the other, in their order', async ({ listen }) => {
    const targets: string[] = [];
    let underWay = 0;
    let most = 0;
    const port = await listen(
      scripted((socket, request) => {
        targets.push(request.split(' ')[1]!);
        underWay += 1;
        most = Math.max(most, underWay);
        setImmediate(() => {
          underWay -= 1;
          socket.write(empty);
        });
      }),
    );
    const batch = ['/a', '/b', '/c'].map((target) =>
      probe({ port, connection: 'one', http: { method: 'GET', target } }),
    );
    const observations = await runBatch(batch);
    expect(targets).toEqual(['/a', '/b', '/c']);
    expect(most).toBe(1);
    expect(observations.map(({ reused }) => reused)).toEqual([undefined, true, true]);
    expect(new Set(observations.map(({ local }) => local)).size).toBe(1);
    expect(observations.map(({ timings }) => timings.connectedMs !== undefined)).toEqual([
      true,
      false,
      false,
    ]);
  });

  const closings: [title: string, answer: string, then: (socket: Socket) => void][] = [
    [
      'the response says close',
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      () => {},
    ],
    ['the response is HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', () => {}],
    ['the response lasts until the end', 'HTTP/1.1 200 OK\r\n\r\nbody', end],
    ['the server sends more than the response', `${empty}HTTP/1.1 408 Request Timeout\r\n\r\n`, () => {}],
    ['the response switches protocols', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', () => {}],
  ];
  for (const [title, answer, then] of closings) {
    test(`open it again when ${title}`, async ({ listen }) => {
      const port = await listen(answering(answer, then));
      const [first, second] = await runBatch([
        probe({ port, connection: 'one' }),
        probe({ port, connection: 'one' }),
      ]);
      expect(first?.error).toBeUndefined();
      expect(second?.error).toBeUndefined();
      expect(second?.reused).toBeUndefined();
      expect(second?.local).not.toBe(first?.local);
    });
  }

  test('open it again when the request itself asked for the end', async ({ listen }) => {
    const port = await listen(answering(empty));
    const http = { ...GET, headers: [['Connection', 'close']] as [string, string][] };
    const observations = await runBatch([
      probe({ port, connection: 'one', http }),
      probe({ port, connection: 'one' }),
    ]);
    expect(observations[1]?.reused).toBeUndefined();
  });

  test('open it again when the server closed it after it answered', async ({ listen }) => {
    const port = await listen(answering(empty, end));
    // The second probe waits until the client has seen the end, for which another connection's answer stands.
    const closed: Promise<unknown>[] = [];
    const connections: Socket[] = [];
    const connect: Connect = (request) => {
      const socket = connectTcp(request) as Socket;
      connections.push(socket);
      closed.push(once(socket, 'end'));
      return socket;
    };
    const slow = await listen(
      scripted((socket) => {
        void closed[0]?.then(() => socket.write(empty));
      }),
    );
    const observations = await runBatch(
      [probe({ port, connection: 'one' }), probe({ port: slow }), probe({ port, connection: 'one' })],
      { parallel: 1, connect },
    );
    expect(observations.map(({ response }) => response?.status)).toEqual([200, 200, 200]);
    expect(observations[2]?.reused).toBeUndefined();
    expect(connections).toHaveLength(3);
  });

  test('never send a request again that the server let fall', async ({ listen }) => {
    const targets: string[] = [];
    const port = await listen(
      scripted((socket, request, number) => {
        targets.push(request.split(' ')[1]!);
        if (number === 1) socket.resetAndDestroy();
        else socket.write(empty);
      }),
    );
    const observations = await runBatch(
      ['/a', '/b', '/c'].map((target) => probe({ port, connection: 'one', http: { method: 'GET', target } })),
    );
    expect(targets).toEqual(['/a', '/b', '/c']);
    expect(observations[1]).toMatchObject({ reused: true, error: { code: 'ECONNRESET', bytes: 0 } });
    expect(observations[1]?.peer).toBe(`127.0.0.1:${port}`);
    expect(observations[2]?.response?.status).toBe(200);
    expect(observations[2]?.reused).toBeUndefined();
  });

  test('give it up after the last of them, while the batch goes on', async ({ listen }) => {
    let given: Promise<unknown> | undefined;
    const port = await listen(
      scripted((socket) => {
        given = once(socket, 'close');
        socket.write(empty);
      }),
    );
    const waiting = await listen(
      scripted((socket) => {
        void given?.then(() => socket.write(empty));
      }),
    );
    const batch = [probe({ port, connection: 'one' }), probe({ port: waiting })];
    const observations = await runBatch(batch, { parallel: 1 });
    expect(observations.map(({ response }) => response?.status)).toEqual([200, 200]);
  });

  test('share it only when they lead to the same place', async ({ listen }) => {
    const one = await listen(answering(empty));
    const other = await listen(answering(empty));
    const observations = await runBatch([one, other, one].map((port) => probe({ port, connection: 'one' })));
    expect(observations.map(({ reused }) => reused)).toEqual([undefined, undefined, true]);
  });
});

test.describe('a batch', () => {
  test('keeps to its limit of probes under way', async ({ listen }) => {
    const waiting: Socket[] = [];
    let most = 0;
    const port = await listen(
      scripted((socket, _request, number) => {
        waiting.push(socket);
        most = Math.max(most, waiting.length);
        // The first three are let go together, the others as they come.
        if (number >= 2) for (const held of waiting.splice(0)) held.end(empty);
      }),
    );
    const observations = await runBatch(
      Array.from({ length: 12 }, () => probe({ port })),
      { parallel: 3 },
    );
    expect(observations.every(({ response }) => response?.status === 200)).toBe(true);
    expect(most).toBe(3);
  });

  test('goes in its order when one probe may be under way', async ({ listen }) => {
    const targets: string[] = [];
    const port = await listen(
      scripted((socket, request) => {
        targets.push(request.split(' ')[1]!);
        socket.write(empty);
      }),
    );
    const names = ['x', 'y', undefined, 'y', 'x', undefined, 'x', 'z'];
    const batch = names.map((connection, index) =>
      probe({
        port,
        http: { method: 'GET', target: `/${index}` },
        ...(connection === undefined ? {} : { connection }),
      }),
    );
    await runBatch(batch, { parallel: 1 });
    expect(targets).toEqual(names.map((_name, index) => `/${index}`));
  });

  test('tells of each observation when it is made, and returns all in the order of the probes', async ({
    listen,
  }) => {
    let first: Socket | undefined;
    const port = await listen(
      scripted((socket, request) => {
        if (request.startsWith('GET /first ')) first = socket;
        else {
          socket.end(empty);
        }
      }),
    );
    const batch = ['/first', '/second'].map((target) => probe({ port, http: { method: 'GET', target } }));
    const told: string[] = [];
    const observations = await runBatch(batch, {
      onObservation: ({ id }) => {
        told.push(id);
        first?.end(empty);
      },
    });
    expect(told).toEqual([batch[1]!.id, batch[0]!.id]);
    expect(observations.map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
  });

  test('of a thousand probes over eight connections answers every one', async ({ listen }) => {
    const port = await listen(
      scripted((socket, request) => {
        const target = request.split(' ')[1]!;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${target.length}\r\n\r\n${target}`);
      }),
    );
    const batch = Array.from({ length: 1000 }, (_none, index) =>
      probe({ port, connection: `c${index % 8}`, http: { method: 'GET', target: `/${index}` } }),
    );
    const observations = await runBatch(batch);
    expect(observations.map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
    expect(observations.map(({ response }) => response?.body)).toEqual(batch.map(({ http }) => http?.target));
    expect(observations.filter(({ reused }) => reused)).toHaveLength(992);
  });

  test('that is wrong is refused before anything is sent', async ({ listen }) => {
    let connections = 0;
    const server = answering(empty).on('connection', () => {
      connections += 1;
    });
    const port = await listen(server);
    const { http: _none, ...wrong } = probe({ port });
    await expect(runBatch([probe({ port }), wrong])).rejects.toThrow(
      'Probe 2 of the batch: "http" must be given for http/1.1.',
    );
    // A probe that goes its way afterwards shows that none came before it.
    await send(probe({ port }));
    expect(connections).toBe(1);
  });
});

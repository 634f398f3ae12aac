import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { test as base } from '@playwright/test';
import { type BatchOptions, runBatch } from '../../fixtures/agent/batch.ts';
import type { Observation, ProbeRequest } from '../../fixtures/agent/protocol.ts';

/** Opens a server on a free port of 127.0.0.1 for the time of the test. */
export type Listen = (server: Server) => Promise<number>;

export const test = base.extend<{ listen: Listen }>({
  listen: async ({}, use) => {
    const servers: Server[] = [];
    const sockets = new Set<Socket>();
    await use(async (server) => {
      servers.push(server);
      server.on('connection', (socket: Socket) => {
        sockets.add(socket);
        socket.on('error', () => {}).on('close', () => sockets.delete(socket));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    });
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  },
});

let counter = 0;

/** A probe of 127.0.0.1 with time-outs that no busy machine reaches, GET / by HTTP/1.1 unless said otherwise. */
export function probe(probe: Partial<ProbeRequest> & { port: number }): ProbeRequest {
  counter += 1;
  return {
    id: `t${counter}`,
    host: '127.0.0.1',
    protocol: 'http/1.1',
    ...(probe.protocol === 'tcp' ? {} : { http: { method: 'GET', target: '/' } }),
    connectTimeoutMs: 25_000,
    timeoutMs: 25_000,
    ...probe,
  };
}

/** Sends one probe. */
export async function send(request: ProbeRequest, options?: BatchOptions): Promise<Observation> {
  const [observation] = await runBatch([request], options);
  return observation!;
}

/**
 * A server that calls back with each whole request head it gets, as it stood on the wire, and how many came before
 * it on any connection.
 */
export function scripted(onRequest: (socket: Socket, request: string, number: number) => void): Server {
  let number = 0;
  return createServer((socket) => {
    let unread = '';
    socket.on('data', (chunk) => {
      unread += chunk.toString('latin1');
      for (let end = unread.indexOf('\r\n\r\n'); end !== -1; end = unread.indexOf('\r\n\r\n')) {
        const request = unread.slice(0, end + 4);
        unread = unread.slice(end + 4);
        onRequest(socket, request, number);
        number += 1;
      }
    });
  });
}

/** A server that answers every request with these bytes and then does as told. */
export function answering(bytes: string, then: (socket: Socket) => void = () => {}): Server {
  return scripted((socket) => {
    socket.write(Buffer.from(bytes, 'latin1'), () => then(socket));
  });
}

export const end = (socket: Socket): void => {
  socket.end();
};

import { type IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { PodAccess } from '../cluster/pod-access.ts';
import type { Operations } from '../store/operations.ts';
import type { Store } from '../store/store.ts';
import type { Api } from './api.ts';
import { catalogueOf } from './catalogue.ts';
import { type ApiCertificates, makeApiCertificates } from './certificates.ts';
import { ExecServer } from './exec.ts';
import { headOf, readRequest } from './incoming-request.ts';
import type { Access } from './kubeconfig.ts';
import { refusal, send } from './reply.ts';
import { answer } from './routes.ts';

export interface ApiServerOptions {
  store: Store;
  operations: Operations;
  pods: PodAccess;
  /** The version of Kubernetes it says it is, such as `v1.34.4`. */
  version: string;
  /** A free one when absent. */
  port?: number;
  /** Milliseconds between the bookmarks of a watch; a minute, as on real servers, when absent. */
  bookmarkMs?: number;
  /** Made for this server when absent, which takes some milliseconds. */
  certificates?: ApiCertificates;
}

/** A running API server, and what its one client needs to reach it. */
export interface ApiServer extends Access {
  /** Ends every connection and stops. */
  close: () => Promise<void>;
}

/** Commands travel in the request line. */
const largestHeader = 1024 * 1024;
const idleMs = 90_000;

/**
 * Serves a store as a Kubernetes API: HTTPS on 127.0.0.1, HTTP/1.1. The client is known by its certificate, signed
 * by the server's own authority; whoever has none gets 401.
 *
 * @throws when the port is taken.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { port = 0, bookmarkMs = 60_000, certificates = await makeApiCertificates(), ...parts } = options;
  const api: Api = { ...parts, bookmarkMs, catalogue: catalogueOf(parts.store.types) };
  const exec = new ExecServer(api);
  const server = createServer({
    cert: certificates.server.certificate,
    key: certificates.server.key,
    ca: certificates.ca,
    requestCert: true,
    // Let in, so that they can be told why they are not.
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
    maxHeaderSize: largestHeader,
    keepAliveTimeout: idleMs,
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('request', (message, response) => {
    void readRequest(message)
      .then((request) => answer(api, request), refusal)
      .then((reply) => send(response, reply));
  });
  server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    // It breaks when the client is gone, which its close event tells of too.
    socket.on('error', () => {});
    void serveUpgrade(exec, message, socket, head);
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: certificates.ca,
    clientCertificate: certificates.client.certificate,
    clientKey: certificates.client.key,
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      exec.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function serveUpgrade(
  exec: ExecServer,
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  let refused: ReturnType<typeof refusal> | undefined;
  try {
    refused = await exec.serve(headOf(message), { message, socket, head });
  } catch (error) {
    refused = refusal(error);
  }
  if (refused === undefined) return;
  const response = new ServerResponse(message);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.once('finish', () => socket.end());
  send(response, refused);
}

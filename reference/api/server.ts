import { type IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { PodAccess } from '../cluster/pod-access.ts';
import type { Operations } from '../store/operations.ts';
import type { Store } from '../store/store.ts';
import type { Api } from './api.ts';
import { type AuditSink, auditEvent } from './audit.ts';
import { checksFor, whyForbidden } from './authorize.ts';
import { catalogueOf } from './catalogue.ts';
import { type ApiCertificates, makeApiCertificates } from './certificates.ts';
import { ExecServer, type Upgrade } from './exec.ts';
import { headOf, readRequest } from './incoming-request.ts';
import type { Access } from './kubeconfig.ts';
import { type Reply, refusal, send } from './reply.ts';
import type { ApiRequest } from './request.ts';
import { answer } from './routes.ts';
import { ServiceAccountTokens } from './service-account-tokens.ts';

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
  /** Told of every request when it is over. */
  audit?: AuditSink | undefined;
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
 * Serves a store as a Kubernetes API: HTTPS on 127.0.0.1, HTTP/1.1. A client is known by its certificate, signed by
 * the server's own authority, and may do everything; or by the token of a service account, and may do what the roles
 * say that are bound to that. Whoever has neither gets 401.
 *
 * @throws when the port is taken.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const {
    port = 0,
    bookmarkMs = 60_000,
    certificates = await makeApiCertificates(),
    audit,
    ...parts
  } = options;
  const tokens = new ServiceAccountTokens(parts.store);
  const api: Api = { ...parts, tokens, bookmarkMs, catalogue: catalogueOf(parts.store.types) };
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
    void readRequest(message, tokens)
      .then((request) => {
        const { forbidden, ended } = judge(api, request, audit, message.url);
        response.once('close', () => ended(response.statusCode));
        return forbidden ?? answer(api, request);
      })
      .catch(refusal)
      .then((reply) => send(response, reply));
  });
  server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    // It breaks when the client is gone, which its close event tells of too.
    socket.on('error', () => {});
    void serveUpgrade(api, exec, audit, { message, socket, head });
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

/** Whether a request may be carried out, and what is to be called with its status when it is over. */
function judge(
  api: Api,
  request: ApiRequest,
  audit: AuditSink | undefined,
  uri = '/',
): { forbidden: Reply | undefined; ended: (code: number) => void } {
  const received = new Date();
  const checks = checksFor(api, request);
  const error = whyForbidden(api, request.user, checks);
  const event = audit && auditEvent(request, uri, { checks, allowed: error === undefined }, received);
  return {
    forbidden: error && refusal(error),
    ended: (code) => {
      if (audit !== undefined && event !== undefined) audit(event(code));
    },
  };
}

const switchingProtocols = 101;

async function serveUpgrade(
  api: Api,
  exec: ExecServer,
  audit: AuditSink | undefined,
  upgrade: Upgrade,
): Promise<void> {
  const { message, socket } = upgrade;
  let refused: Reply | undefined;
  try {
    const request = headOf(message, api.tokens);
    const { forbidden, ended } = judge(api, request, audit, message.url);
    refused = forbidden ?? (await exec.serve(request, upgrade));
    const code = refused?.form === 'stream' ? 200 : (refused?.code ?? switchingProtocols);
    if (socket.destroyed) ended(code);
    else socket.once('close', () => ended(code));
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

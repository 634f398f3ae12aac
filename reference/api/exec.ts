import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { badRequest } from '../store/status-error.ts';
import { type Api, targetOf } from './api.ts';
import { protocols } from './exec-protocol.ts';
import { type ExecRequest, execRequest, refuseExec } from './exec-request.ts';
import { ExecSession } from './exec-session.ts';
import { pageNotFound, type Reply, refusal } from './reply.ts';
import type { ApiRequest } from './request.ts';
import { resourcePath } from './request-path.ts';

/** A request to change the protocol of its connection. */
export interface Upgrade {
  message: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

/** Runs commands in containers over WebSocket. */
export class ExecServer {
  private readonly api: Api;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    // The first that the client names.
    handleProtocols: (offered) => [...offered].find((protocol) => protocols.has(protocol)) ?? false,
  });

  constructor(api: Api) {
    this.api = api;
  }

  /**
   * Starts what an upgrade asks for.
   *
   * @returns why not, to be sent in place of the upgrade; undefined when it began.
   */
  async serve(request: ApiRequest, upgrade: Upgrade): Promise<Reply | undefined> {
    try {
      const asked = this.readExec(request);
      if (asked === undefined) return pageNotFound;
      const session = await ExecSession.start(this.api.pods, asked);
      // A connection that breaks before it is handed over tells nobody else.
      upgrade.socket.once('close', () => session.abandon());
      if (upgrade.socket.destroyed) session.abandon();
      this.sockets.handleUpgrade(upgrade.message, upgrade.socket, upgrade.head, (socket) =>
        session.connect(socket),
      );
      return undefined;
    } catch (error) {
      return refusal(error);
    }
  }

  close(): void {
    for (const client of this.sockets.clients) client.terminate();
    this.sockets.close();
  }

  private readExec(request: ApiRequest): ExecRequest | undefined {
    const { pathname, query, headers } = request;
    const path = resourcePath(pathname);
    const target = path && targetOf(this.api, path);
    if (target?.subresource !== 'exec' || !target.type.subresources.includes('exec')) return undefined;
    if (request.method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket') {
      return refuseExec(this.api, target, request);
    }
    const asked = execRequest(this.api, target, query);
    const offered = headers['sec-websocket-protocol']?.split(',').map((protocol) => protocol.trim()) ?? [];
    if (!offered.some((protocol) => protocols.has(protocol))) {
      throw badRequest(`exec speaks ${[...protocols].join(' and ')}, and the client offers none of them`);
    }
    return asked;
  }
}

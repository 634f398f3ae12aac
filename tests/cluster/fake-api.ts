import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { KubeConfig } from '@kubernetes/client-node';
import { Cluster, type ClusterOptions } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { type Identity, selfSigned } from './self-signed.ts';

/** A request as the fake API server saw it. */
export interface Seen {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingMessage['headers'];
  /** The common name of the client's certificate, when it showed one. */
  clientCertificate: string | undefined;
  body: unknown;
}

/** What a scripted path can do with a request. */
export class Answer {
  readonly response: ServerResponse;

  constructor(response: ServerResponse) {
    this.response = response;
  }

  json(body: unknown, status = 200): void {
    this.text(JSON.stringify(body), status, 'application/json');
  }

  text(body: string, status = 200, contentType = 'text/plain'): void {
    this.response.writeHead(status, { 'content-type': contentType }).end(body);
  }

  /** A `Status` object, as every refusal of a real server is. */
  refuse(status: number, reason: string, message: string, details?: object): void {
    this.json(
      { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, details, code: status },
      status,
    );
  }

  /** A list as the API sends it for built-in kinds: its items don't say what they are. */
  list(
    items: KubeObject[],
    metadata: { resourceVersion?: string; continue?: string } = { resourceVersion: '1' },
  ): void {
    this.json({ kind: 'List', metadata, items: items.map(({ apiVersion: _, kind: __, ...item }) => item) });
  }

  /** One event of a watch; the stream stays open. */
  event(type: string, object: object): void {
    if (!this.response.headersSent) this.response.writeHead(200, { 'content-type': 'application/json' });
    this.response.write(`${JSON.stringify({ type, object })}\n`);
  }

  end(): void {
    this.response.end();
  }

  /** Breaks the connection without a word, after what was written so far has left. */
  drop(): void {
    this.response.write('', () => this.response.socket?.destroy());
  }

  /** Breaks the connection before any answer. */
  hangUp(): void {
    this.response.socket?.destroy();
  }
}

export type Script = (request: Seen, answer: Answer) => void;

export interface ExecPeer {
  url: URL;
  protocol: string;
  /** Sends a frame on one of the protocol's streams. */
  send(stream: number, data: string | Buffer): void;
  /** Each frame that the client sends. */
  onFrame(listener: (stream: number, data: Buffer) => void): void;
  onClose(listener: () => void): void;
  close(): void;
  terminate(): void;
}

/**
 * A Kubernetes API server over HTTPS that answers by script. It knows nothing of Kubernetes but discovery: a test
 * says what each path answers, and sees what was asked.
 */
export class FakeApi {
  readonly requests: Seen[] = [];
  readonly identity: Identity;
  connections = 0;
  private readonly server: Server;
  private readonly scripts = new Map<string, Script>();
  private readonly sockets = new Set<Socket>();
  private readonly clusters: Cluster[] = [];

  private constructor(identity: Identity) {
    this.identity = identity;
    this.server = createServer({ ...identity, requestCert: true, rejectUnauthorized: false });
    this.server.on('request', (request, response) => void this.serve(request, response));
    this.server.on('secureConnection', () => {
      this.connections++;
    });
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(): Promise<FakeApi> {
    const api = new FakeApi(selfSigned('fake API server'));
    await new Promise<void>((listening) => api.server.listen(0, '127.0.0.1', listening));
    api.kinds('v1', { Pod: 'pods', Namespace: 'namespaces', Event: 'events', ConfigMap: 'configmaps' }, [
      'Namespace',
    ]);
    api.kinds('apps/v1', { Deployment: 'deployments', ReplicaSet: 'replicasets', DaemonSet: 'daemonsets' });
    return api;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Says what a method and path answer; the last script for them wins. */
  on(method: string, path: string, script: Script): this {
    this.scripts.set(`${method} ${path}`, script);
    return this;
  }

  /** As `on`, with one script for each request in turn; the last goes on answering. */
  onEach(method: string, path: string, ...scripts: [Script, ...Script[]]): this {
    let turn = 0;
    return this.on(method, path, (request, answer) => {
      scripts[Math.min(turn++, scripts.length - 1)]?.(request, answer);
    });
  }

  /** Scripts list and watch of one path; watches say what happens to each in turn. */
  onWatch(path: string, lists: [Script, ...Script[]], watches: [Script, ...Script[]]): this {
    const turns = { list: 0, watch: 0 };
    return this.on('GET', path, (request, answer) => {
      const which = request.query.watch === 'true' ? 'watch' : 'list';
      const scripts = which === 'watch' ? watches : lists;
      scripts[Math.min(turns[which]++, scripts.length - 1)]?.(request, answer);
    });
  }

  /** Declares kinds by their plurals, as discovery shows them. */
  kinds(apiVersion: string, plurals: Record<string, string>, clusterWide: string[] = []): this {
    const resources = Object.entries(plurals).flatMap(([kind, name]) => [
      { name, kind, namespaced: !clusterWide.includes(kind) },
      { name: `${name}/status`, kind, namespaced: !clusterWide.includes(kind) },
    ]);
    return this.on(
      'GET',
      apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`,
      (_, answer) => answer.json({ kind: 'APIResourceList', groupVersion: apiVersion, resources }),
    );
  }

  /** Says what exec does on this server. */
  onExec(script: (peer: ExecPeer) => void, protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io']): this {
    const sockets = new WebSocketServer({
      noServer: true,
      handleProtocols: (offered) => protocols.find((protocol) => offered.has(protocol)) ?? false,
    });
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.requests.push(this.see(request, undefined));
      sockets.handleUpgrade(request, socket, head, (connection) =>
        script({
          url: new URL(request.url ?? '', this.url),
          protocol: connection.protocol,
          send: (stream, data) => connection.send(Buffer.concat([Buffer.of(stream), Buffer.from(data)])),
          onFrame: (listener) =>
            connection.on('message', (frame) => listener(frame.readUint8(0), frame.subarray(1))),
          onClose: (listener) => connection.on('close', listener),
          close: () => connection.close(),
          terminate: () => connection.terminate(),
        }),
      );
    });
    return this;
  }

  /** A kubeconfig of one context, `test`, for this server. */
  kubeConfig(user: Record<string, unknown> = { token: 'secret' }): KubeConfig {
    const config = new KubeConfig();
    config.loadFromString(JSON.stringify(this.kubeConfigFile(user)));
    config.setCurrentContext('test');
    return config;
  }

  /** As `kubeConfig`, as the file would be. */
  kubeConfigFile(user: Record<string, unknown> = { token: 'secret' }) {
    const authority = Buffer.from(this.identity.cert).toString('base64');
    return {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'fake', cluster: { server: this.url, 'certificate-authority-data': authority } }],
      users: [{ name: 'tester', user }],
      contexts: [{ name: 'test', context: { cluster: 'fake', user: 'tester' } }],
      'current-context': '',
    };
  }

  /** A client of this server, closed with it. */
  cluster(options?: ClusterOptions, config = this.kubeConfig()): Cluster {
    const cluster = Cluster.connect(config, options);
    this.clusters.push(cluster);
    return cluster;
  }

  /** The requests for one method and path so far. */
  seen(method: string, path: string): Seen[] {
    return this.requests.filter((request) => request.method === method && request.path === path);
  }

  async stop(): Promise<void> {
    await Promise.all(this.clusters.map((cluster) => cluster.close()));
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const seen = this.see(request, text === '' ? undefined : JSON.parse(text));
    this.requests.push(seen);
    const answer = new Answer(response);
    const script = this.scripts.get(`${seen.method} ${seen.path}`);
    if (script === undefined) answer.text('404 page not found\n', 404);
    else script(seen, answer);
  }

  private see(request: IncomingMessage, body: unknown): Seen {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const certificate = (request.socket as TLSSocket).getPeerCertificate();
    return {
      method: request.method ?? '',
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: request.headers,
      clientCertificate: certificate.subject?.CN as string | undefined,
      body,
    };
  }
}

/** The part of the `ws` package, which comes with client-node, that is used here. */
interface Connection {
  protocol: string;
  send(data: Buffer): void;
  on(event: 'message', listener: (data: Buffer) => void): void;
  on(event: 'close', listener: () => void): void;
  close(): void;
  terminate(): void;
}
const { WebSocketServer } = createRequire(import.meta.url)('ws') as {
  WebSocketServer: new (options: {
    noServer: true;
    handleProtocols: (offered: Set<string>) => string | false;
  }) => {
    handleUpgrade(
      request: IncomingMessage,
      socket: Socket,
      head: Buffer,
      ready: (connection: Connection) => void,
    ): void;
  };
};

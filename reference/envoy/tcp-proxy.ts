import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { EnvoyRules } from '../rules/envoy.ts';
import { pass } from './close.ts';
import type { Exchange } from './exchange.ts';
import { type UpstreamConnection, UpstreamFailure } from './upstream.ts';

export interface TcpOptions {
  rules: EnvoyRules;
  exchange: Exchange;
  connect: () => Promise<UpstreamConnection>;
  /** Asked at the client's first bytes; a reason closes the connection without a byte of them being passed. */
  deny?: (() => string | undefined) | undefined;
  /** Ends the client's side when there is no upstream. */
  abandon: () => void;
}

/** Carries a connection that is no HTTP (envoy `envoy.filters.network.tcp_proxy`) to its end. Never fails. */
export async function proxyTcp(
  downstream: Duplex,
  { rules, exchange, connect, deny, abandon }: TcpOptions,
): Promise<void> {
  const { entry } = exchange;
  let upstream: UpstreamConnection;
  try {
    upstream = await connect();
  } catch (error) {
    entry.flags = ['UF', 'URX'];
    entry.transportFailure =
      error instanceof UpstreamFailure ? error.transport?.replaceAll(' ', '_') : undefined;
    abandon();
    return;
  }
  const { stream, socket } = upstream;
  entry.upstreamLocal = { address: socket.localAddress, port: socket.localPort };
  pass(downstream, stream);
  pass(stream, downstream);
  stream.on('data', (chunk: Buffer) => {
    entry.sent += chunk.length;
  });
  const fromServer = () => stream.pipe(downstream);
  const fromClient = (first: Buffer) => {
    entry.received += first.length;
    stream.write(first);
    downstream.on('data', (chunk: Buffer) => {
      entry.received += chunk.length;
    });
    downstream.pipe(stream);
  };

  const asks = deny !== undefined && !rules.passesUndecided('from client');
  if (!asks || rules.passesUndecided('from server')) fromServer();
  else stream.pause();
  downstream.once('end', () => stream.end());
  downstream.once('data', (first: Buffer) => {
    const reason = asks ? deny() : undefined;
    if (reason !== undefined) {
      Object.assign(entry, { flags: ['UAEX'], details: reason });
      stream.unpipe(downstream);
      downstream.destroy();
      stream.destroy();
      return;
    }
    if (stream.isPaused() && asks) fromServer();
    fromClient(first);
  });
  await Promise.allSettled([finished(downstream), finished(stream)]);
}

import type { VirtualSocket } from '../network/interface.ts';
import type { LogEntry, Place } from './access-log.ts';
import { type HttpVersion, isGrpc, type Request } from './message.ts';

/** What is known of a downstream connection. */
export interface Downstream {
  /** As the access log has them. */
  local: Place;
  remote: Place;
  /** The name that the client asked for in the handshake. */
  servername?: string | undefined;
}

/** The ends of a connection as the proxy that accepted it sees them. */
export function downstreamOf(socket: VirtualSocket, servername?: string): Downstream {
  return {
    local: { address: socket.localAddress, port: socket.localPort },
    remote: { address: socket.remoteAddress, port: socket.remotePort },
    servername,
  };
}

/** One request, or one connection that is no HTTP, on its way through a proxy: what its log line will say. */
export class Exchange {
  readonly entry: LogEntry;
  /** Whether the request is one of gRPC. */
  grpc = false;
  readonly #began = performance.now();

  /** @param version of HTTP; absent for what is none. */
  constructor({ local, remote, servername }: Downstream, version?: HttpVersion) {
    this.entry = {
      started: new Date(),
      version,
      status: 0,
      flags: [],
      received: 0,
      sent: 0,
      durationMs: 0,
      downstreamLocal: local,
      downstreamRemote: remote,
      servername,
    };
  }

  /** Milliseconds since it began. */
  get elapsed(): number {
    return performance.now() - this.#began;
  }

  /** Takes down what the log says of a request. */
  describe(request: Request): void {
    const { method, target, path, authority, headers, body } = request;
    this.grpc = isGrpc(request);
    Object.assign(this.entry, {
      method,
      // A target without a path is logged as it came.
      path: target === '*' ? target : path,
      authority,
      userAgent: headers['user-agent']?.[0],
      requestId: headers['x-request-id']?.[0],
      forwardedFor: headers['x-forwarded-for']?.join(','),
      received: body.length,
    });
  }

  end(): LogEntry {
    this.entry.durationMs = this.elapsed;
    return this.entry;
  }
}

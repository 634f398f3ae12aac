import type { VirtualSocket } from '../network/interface.ts';
import type { LogEntry, Place } from './access-log.ts';
import type { Request } from './message.ts';

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
  readonly #began = performance.now();

  constructor({ local, remote, servername }: Downstream, http: boolean) {
    this.entry = {
      started: new Date(),
      http,
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
  describe({ method, target, path, authority, headers, body }: Request): void {
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

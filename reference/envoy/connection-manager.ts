import type { Duplex } from 'node:stream';
import { Incoming } from '../../fixtures/agent/incoming.ts';
import type { HttpManager } from './http-manager.ts';
import { serveHttp1 } from './http1-server.ts';
import { serveHttp2 } from './http2-server.ts';

/** What every client sends first that speaks HTTP/2 by prior knowledge (RFC 9113, section 3.4). */
const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** Serves the requests of one connection to its end, by HTTP/1.1 or HTTP/2 as the client begins. Never fails. */
export async function serveHttp(stream: Duplex, manager: HttpManager): Promise<void> {
  if (manager.agreed === 'h2') return serveHttp2(stream, manager);
  const incoming = new Incoming(stream);
  const byPriorKnowledge = manager.agreed === undefined && (await beginsWithPreface(incoming));
  if (!byPriorKnowledge) return serveHttp1(stream, incoming, manager);
  incoming.release();
  return serveHttp2(stream, manager);
}

async function beginsWithPreface(incoming: Incoming): Promise<boolean> {
  try {
    return (await incoming.ready()) && incoming.unread > 0 && (await incoming.startsWith(preface));
  } catch {
    // It ended within what might have become one.
    return false;
  }
}

import { Incoming } from '../../fixtures/agent/incoming.ts';
import type { VirtualSocket } from '../network/interface.ts';
import { closeSoon } from './close.ts';
import type { Envoy } from './envoy.ts';
import { composeResponse } from './http1-writer.ts';
import { readRequest } from './request-reader.ts';

/** Answers on the proxy's own ports, in plaintext and unlogged: `/healthz/ready` is 200 once it runs. Never fails. */
export async function serveStatus(socket: VirtualSocket, { rules }: Envoy): Promise<void> {
  const incoming = new Incoming(socket);
  try {
    while ((await incoming.ready()) && incoming.unread > 0) {
      const { request, refusal } = await readRequest(incoming, rules, () => {});
      const ready = request?.path.split('?', 1)[0] === '/healthz/ready';
      const status = refusal?.status ?? (ready ? 200 : 404);
      const body = Buffer.alloc(0);
      const date = [new Date().toUTCString()];
      socket.write(
        composeResponse({ status, headers: { date }, body, form: 'length' }, request?.method ?? 'GET'),
      );
      if (refusal !== undefined || request?.headers.connection?.includes('close')) break;
    }
    closeSoon(socket);
  } catch {
    socket.destroy();
  }
}

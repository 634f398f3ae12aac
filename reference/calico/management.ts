import { maxLineBytes, readHeaders } from '../../fixtures/agent/http-message.ts';
import { Incoming } from '../../fixtures/agent/incoming.ts';
import type { VirtualSocket } from '../network/interface.ts';
import type { ContainerContext } from '../workloads/program.ts';

const farewell = 'terminating Dikastes\n';
const unknown = '404 page not found\n';

/**
 * What Dikastes serves where its environment gives it a port: whatever is asked of `/terminate` ends it in order, so
 * that a Job beside it can come to its end (calico `app-policy/cmd/dikastes/dikastes.go`, since 3.24; measured: 200 and
 * 21 bytes).
 */
export function serveManagement({
  env,
  network,
  log,
  exit,
  signal,
}: Pick<ContainerContext, 'env' | 'network' | 'log' | 'exit' | 'signal'>): void {
  const { DIKASTES_HTTP_BIND_ADDR: address = '', DIKASTES_HTTP_BIND_PORT: port = '' } = env;
  if (port === '') return;
  log(`level=info msg="starting HTTP server on ${address}:${port}"`);
  const terminate = () => {
    log('level=info msg="Received HTTP termination request"');
    exit(0);
  };
  const loopback = address === '127.0.0.1';
  const stop = network.listen(Number(port), (socket) => void serve(socket, terminate), { loopback });
  signal.addEventListener('abort', stop, { once: true });
}

async function serve(socket: VirtualSocket, terminate: () => void): Promise<void> {
  socket.on('error', () => {});
  const incoming = new Incoming(socket);
  try {
    const [, path = ''] = (await incoming.line(maxLineBytes)).split(' ');
    await readHeaders(incoming);
    const asked = path.split('?', 1)[0] === '/terminate';
    const [status, body] = asked ? ['200 OK', farewell] : ['404 Not Found', unknown];
    const head = [`HTTP/1.1 ${status}`, `Content-Length: ${body.length}`, 'Connection: close'];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => {
      if (asked) terminate();
    });
  } catch {
    socket.destroy();
  }
}

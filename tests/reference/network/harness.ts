import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';
import type {
  NetworkControl,
  NetworkInterface,
  VirtualSocket,
} from '../../../reference/network/interface.ts';
import { VirtualNetwork } from '../../../reference/network/virtual-network.ts';

/** A network that lets everything through, knows no names and has no services, but for what is given. */
export function network(control: Partial<NetworkControl> = {}): VirtualNetwork {
  return new VirtualNetwork({
    permits: () => true,
    resolve: () => undefined,
    balance: () => undefined,
    ...control,
  });
}

/** A network with a client at 10.0.0.1 and a server at 10.0.0.2. */
export function clientAndServer(control: Partial<NetworkControl> = {}) {
  const net = network(control);
  const client = net.attach('10.0.0.1', { pod: 'shop/client' });
  const server = net.attach('10.0.0.2', { pod: 'shop/server' });
  return { net, client, server };
}

/** Both ends of a connection that stands. */
export async function connected(
  client: NetworkInterface,
  server: NetworkInterface,
): Promise<[near: VirtualSocket, far: VirtualSocket]> {
  const accepted = new Promise<VirtualSocket>((resolve) => {
    const stop = server.listen(7, (socket) => {
      stop();
      resolve(socket);
    });
  });
  const near = client.connect({ host: server.address, port: 7 });
  await once(near, 'connect');
  return [near, await accepted];
}

/** The first bytes of a TLS client. */
export async function helloBytes(
  options: Pick<ConnectionOptions, 'ALPNProtocols' | 'servername'>,
): Promise<Buffer> {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  connect({ socket: near, ...options }).on('error', () => {});
  const [chunk] = await once(far, 'data');
  far.reset();
  return chunk as Buffer;
}

/** The error that ends a stream. */
export async function failure(stream: Duplex): Promise<NodeJS.ErrnoException> {
  return stream.errored ?? ((await once(stream, 'error'))[0] as Error);
}

/** Everything a stream says until its end, as text. */
export async function text(stream: Duplex): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(stream, 'end');
  return Buffer.concat(chunks).toString();
}

/** Lets everything happen that is about to happen without a timer. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

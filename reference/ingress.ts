import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { NetworkInterface } from './network/interface.ts';

export interface Ingress {
  host: string;
  port: number;
  close: () => Promise<void>;
}

/**
 * The way in from outside: a real port of this machine, whose connections go on over a node of the virtual network
 * to where the node port leads, as kube-proxy forwards them.
 *
 * @param target finds where the gateway is now; a connection is reset while there is none.
 */
export async function openIngress(
  node: NetworkInterface,
  target: () => { address: string; port: number } | undefined,
): Promise<Ingress> {
  const open = new Set<Socket>();
  const server: Server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
    const gateway = target();
    if (gateway === undefined) {
      socket.resetAndDestroy();
      return;
    }
    const inner = node.connect({ host: gateway.address, port: gateway.port });
    inner.on('error', () => socket.resetAndDestroy());
    socket.on('close', () => inner.destroy());
    inner.on('close', () => socket.destroySoon());
    socket.pipe(inner).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

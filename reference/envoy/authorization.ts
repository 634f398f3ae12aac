import type { CheckRequest } from '../calico/check.ts';
import type { VirtualSocket } from '../network/interface.ts';
import type { Envoy } from './envoy.ts';

/** What Dikastes is told of a connection: the real peer, whatever header lines say, and the container's port. */
export function checkRequest(
  { address, port }: { address: string; port: number },
  socket: VirtualSocket,
  principal: string,
  http?: CheckRequest['http'],
): CheckRequest {
  return {
    source: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0, principal },
    destination: { address, port },
    ...(http && { http }),
  };
}

/** Asks the Dikastes beside the proxy. */
export function ask(proxy: Envoy, request: CheckRequest) {
  return proxy.dependencies.dikastes.ask(proxy.pod, request);
}

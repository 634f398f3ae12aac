import type { CheckRequest, CheckResult } from '../calico/check.ts';
import type { Asking } from '../istio/envoy-filter.ts';
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

/** Asks the Dikastes beside the proxy. Where the filter fails open, no answer is as good as its consent. */
export function ask(proxy: Envoy, request: CheckRequest, asking: Asking): CheckResult {
  const result = proxy.dependencies.dikastes.ask(proxy.pod, request);
  return result === 'no answer' && asking === 'fails open' ? 'OK' : result;
}

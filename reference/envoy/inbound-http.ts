import type { Asking } from '../istio/envoy-filter.ts';
import { ask, checkRequest } from './authorization.ts';
import { defaultConnectTimeoutMs, type Envoy } from './envoy.ts';
import type { Exchange } from './exchange.ts';
import type { Admitted } from './inbound.ts';
import { localReply } from './local-reply.ts';
import type { Request, Response } from './message.ts';
import { forward } from './router.ts';

const operationHeader = 'x-envoy-decorator-operation';

/** Answers a request to the pod: refused by Dikastes, or by the application. */
export async function serveInboundRequest(
  proxy: Envoy,
  admitted: Admitted,
  asking: Asking,
  { request, exchange, signal }: { request: Request; exchange: Exchange; signal: AbortSignal },
): Promise<Response> {
  const { port } = admitted;
  const { istiod } = proxy.dependencies;
  // A mesh client's sidecar has named the route already.
  const named = request.headers[operationHeader] !== undefined;
  delete request.headers[operationHeader];
  exchange.entry.route = 'default';
  exchange.entry.upstreamCluster = `inbound|${port}||`;
  byForwardedAddress(exchange);
  setIdentity(proxy, admitted, request);

  const denied = asking === 'no' ? undefined : deny(proxy, admitted, request, asking);
  const response =
    denied === undefined
      ? await toApplication(proxy, admitted, request, exchange, signal)
      : localReply({ ...denied, flags: ['UAEX'] }, exchange, proxy.rules);
  if (named) return response;
  const operation = istiod.inboundOperation?.(proxy.context.pod, port) ?? `:${port}/*`;
  return { ...response, headers: { ...response.headers, [operationHeader]: [operation] } };
}

function deny(proxy: Envoy, { socket, port, peer }: Admitted, request: Request, asking: Asking) {
  const destination = { address: proxy.context.network.address, port };
  const http = { method: request.method, path: proxy.rules.checkedPath(request.path) };
  const question = checkRequest(destination, socket, peer?.uri ?? '', http);
  return proxy.rules.deniedResponse(ask(proxy, question, asking));
}

async function toApplication(
  proxy: Envoy,
  { port, protocol, worker }: Admitted,
  request: Request,
  exchange: Exchange,
  signal: AbortSignal,
): Promise<Response> {
  const { network } = proxy.context;
  const cluster = `inbound|${port}||`;
  const endpoint = { address: network.address, port, tls: 'plaintext' } as const;
  const destination = {
    cluster,
    endpoints: [endpoint],
    version: proxy.rules.upstreamVersion(protocol, request.version, 'inbound'),
    attempts: 1,
    dial: () => proxy.stand(network.connectLocal(port), defaultConnectTimeoutMs),
    headers: {},
    countsAttempts: false,
  };
  return forward(request, destination, proxy.poolsOf(worker, cluster), proxy.rules, {
    exchange,
    signal,
    timeScale: proxy.timeScale,
  });
}

function setIdentity(proxy: Envoy, { peer }: Admitted, { headers }: Request): void {
  const received = headers['x-forwarded-client-cert'] ?? [];
  const forwarded = proxy.rules.forwardedClientCert(
    received,
    peer && { server: proxy.uri, hash: peer.hash, client: peer.uri },
  );
  delete headers['x-forwarded-client-cert'];
  if (forwarded !== undefined) headers['x-forwarded-client-cert'] = [forwarded];
}

// The log names the client by what the gateway wrote down, whose port is not known.
function byForwardedAddress({ entry }: Exchange): void {
  const address = entry.forwardedFor?.split(',').at(-1)?.trim();
  if (address !== undefined) entry.downstreamRemote = { address, port: 0 };
}

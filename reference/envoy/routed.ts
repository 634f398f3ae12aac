import type { Headers } from '../../fixtures/agent/http-message.ts';
import type { Route, UpstreamEndpoint } from '../istio/route.ts';
import { defaultConnectTimeoutMs, type Envoy } from './envoy.ts';
import type { Exchange } from './exchange.ts';
import { localReply } from './local-reply.ts';
import type { Request, Response } from './message.ts';
import { type Destination, forward } from './router.ts';

/** One request, with what its connection is to the proxy. */
export interface Routed {
  request: Request;
  exchange: Exchange;
  signal: AbortSignal;
  worker: number;
  /** Where the client wanted to go; at a gateway there is only the gateway. */
  destination?: { address: string; port: number };
}

/** What Istio's clients offer for HTTP, so that the server's sidecar finds its chain. */
const httpProtocols = ['istio-http/1.1', 'istio', 'http/1.1'];

/** Does with a request what istiod's route says. */
export async function answerByRoute(proxy: Envoy, route: Route, routed: Routed): Promise<Response> {
  const { exchange, request, signal, worker } = routed;
  if (route.kind === 'direct') {
    const { status, body } = route;
    return localReply({ status, body, details: 'direct_response', flags: [] }, exchange);
  }
  const destination = destinationOf(proxy, route, routed);
  if (destination === undefined) return localReply(proxy.rules.routeNotFound(), exchange);
  const pools = proxy.poolsOf(worker, destination.cluster);
  // A host that left its cluster loses its connections; the pass-through has no hosts of its own.
  if (route.kind === 'cluster') pools.retain(route.endpoints);
  return forward(request, destination, pools, proxy.rules, { exchange, signal, timeScale: proxy.timeScale });
}

function destinationOf(proxy: Envoy, route: Route, { destination }: Routed): Destination | undefined {
  switch (route.kind) {
    case 'cluster': {
      const { cluster, endpoints, attempts, connectTimeoutMs, maxRequestsPerConnection } = route;
      return {
        ...reaching(proxy, cluster, endpoints, connectTimeoutMs),
        attempts,
        maxRequestsPerConnection,
        headers: operationOf(cluster),
      };
    }
    case 'passthrough': {
      if (destination === undefined) return undefined;
      const endpoints = [{ ...destination, tls: 'plaintext' } as const];
      return {
        ...reaching(proxy, 'PassthroughCluster', endpoints, defaultConnectTimeoutMs),
        attempts: 1,
        headers: {},
      };
    }
    case 'direct':
    case 'not found':
      return undefined;
  }
}

function reaching(
  proxy: Envoy,
  cluster: string,
  endpoints: readonly UpstreamEndpoint[],
  connectTimeoutMs: number,
): Pick<Destination, 'cluster' | 'endpoints' | 'dial' | 'countsAttempts'> {
  return {
    cluster,
    endpoints,
    countsAttempts: true,
    dial: (endpoint) => proxy.connect(endpoint, { cluster, connectTimeoutMs, alpn: httpProtocols }),
  };
}

/** Names the route to the server's side (istio: the decorator of a cluster's route). */
function operationOf(cluster: string): Headers {
  const [, port = '', , host = ''] = cluster.split('|');
  return host === '' ? {} : { 'x-envoy-decorator-operation': [`${host}:${port}/*`] };
}

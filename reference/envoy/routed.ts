import type { Headers } from '../../fixtures/agent/http-message.ts';
import type { PortProtocol } from '../istio/ports.ts';
import type { Route, UpstreamEndpoint } from '../istio/route.ts';
import type { Side } from '../rules/envoy.ts';
import { defaultConnectTimeoutMs, type Envoy } from './envoy.ts';
import type { Exchange } from './exchange.ts';
import { localReply } from './local-reply.ts';
import type { HttpVersion, Request, Response } from './message.ts';
import { type Destination, forward } from './router.ts';

/** One request, with what its connection is to the proxy. */
export interface Routed {
  request: Request;
  exchange: Exchange;
  signal: AbortSignal;
  worker: number;
  side: Side;
  /** Where the client wanted to go; at a gateway there is only the gateway. */
  destination?: { address: string; port: number };
}

/** What Istio's clients offer, so that the server's sidecar finds its chain (istio `pilot/pkg/xds/filters`). */
const offered: Record<HttpVersion, string[]> = {
  'HTTP/1.1': ['istio-http/1.1', 'istio', 'http/1.1'],
  'HTTP/2': ['istio-h2', 'istio', 'h2'],
};

/** Does with a request what istiod's route says. */
export async function answerByRoute(proxy: Envoy, route: Route, routed: Routed): Promise<Response> {
  const { exchange, request, signal, worker } = routed;
  if (route.kind === 'direct') {
    const { status, body } = route;
    return localReply({ status, body, details: 'direct_response', flags: [] }, exchange, proxy.rules);
  }
  const destination = destinationOf(proxy, route, routed);
  if (destination === undefined) return localReply(proxy.rules.routeNotFound(), exchange, proxy.rules);
  const pools = proxy.poolsOf(worker, destination.cluster);
  // A host that left its cluster loses its connections; the pass-through has no hosts of its own.
  if (route.kind === 'cluster') pools.retain(route.endpoints);
  return forward(request, destination, pools, proxy.rules, { exchange, signal, timeScale: proxy.timeScale });
}

function destinationOf(
  proxy: Envoy,
  route: Route,
  { destination, request, side }: Routed,
): Destination | undefined {
  const versionFor = (declared: PortProtocol) => proxy.rules.upstreamVersion(declared, request.version, side);
  switch (route.kind) {
    case 'cluster': {
      const { cluster, endpoints, attempts, connectTimeoutMs, maxRequestsPerConnection } = route;
      return {
        ...reaching(proxy, cluster, endpoints, versionFor(route.speaks), connectTimeoutMs),
        attempts,
        maxRequestsPerConnection,
        headers: operationOf(cluster),
      };
    }
    case 'passthrough': {
      if (destination === undefined) return undefined;
      const endpoints = [{ ...destination, tls: 'plaintext' } as const];
      return {
        ...reaching(proxy, 'PassthroughCluster', endpoints, versionFor('auto'), defaultConnectTimeoutMs),
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
  version: HttpVersion,
  connectTimeoutMs: number,
): Pick<Destination, 'cluster' | 'endpoints' | 'version' | 'dial' | 'countsAttempts'> {
  return {
    cluster,
    endpoints,
    version,
    countsAttempts: true,
    dial: (endpoint) => proxy.connect(endpoint, { cluster, connectTimeoutMs, alpn: offered[version] }),
  };
}

/** Names the route to the server's side (istio: the decorator of a cluster's route). */
function operationOf(cluster: string): Headers {
  const [, port = '', , host = ''] = cluster.split('|');
  return host === '' ? {} : { 'x-envoy-decorator-operation': [`${host}:${port}/*`] };
}

import type { PortProtocol } from './ports.ts';

/** A pod behind a service, as a proxy knows it. */
export interface UpstreamEndpoint {
  address: string;
  port: number;
  /** How the proxy speaks to it. */
  tls: 'mutual' | 'plaintext';
}

/** Where a proxy sends a request. */
export type Route =
  | {
      kind: 'cluster';
      /** `outbound|80||frontend.default.svc.cluster.local`. */
      cluster: string;
      /** What its port is said to speak. */
      speaks: PortProtocol;
      endpoints: UpstreamEndpoint[];
      /** How often a request is tried at most: one more than the route's retries. */
      attempts: number;
      /** Unscaled milliseconds. */
      connectTimeoutMs: number;
      /** From a DestinationRule: a connection is used for so many requests. */
      maxRequestsPerConnection?: number;
    }
  /** A VirtualService's own answer. */
  | { kind: 'direct'; status: number; body: string }
  /** No route: 404 at a gateway. */
  | { kind: 'not found' }
  /** Not a service: straight on to where the client wanted to go, in plaintext (Istio's `PassthroughCluster`). */
  | { kind: 'passthrough' };

export interface RoutedRequest {
  /** The `Host` header, port and all. */
  authority: string;
  method: string;
  /** With query, as it goes on from here. */
  path: string;
  headers: Record<string, string[]>;
}

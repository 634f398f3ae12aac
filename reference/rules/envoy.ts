import type { CheckResult } from '../calico/check.ts';
import { canonicalPath } from '../envoy/canonical-path.ts';
import type { HttpVersion } from '../envoy/message.ts';
import type { PortProtocol } from '../istio/ports.ts';

/** Which of Envoy's listeners a connection came to: a sidecar's two, or a gateway's. */
export type Side = 'inbound' | 'outbound' | 'gateway';

/** An answer of Envoy's own, with what its access log says of it. */
export interface LocalAnswer {
  status: number;
  /** Plain text; empty for none. */
  body: string;
  /** `%RESPONSE_CODE_DETAILS%`. */
  details: string;
  /** `%RESPONSE_FLAGS%`, without the dash for none. */
  flags: string[];
}

/** Why an attempt at an upstream ended without a response, in Envoy's words (`Http::Utility::resetReasonToString`). */
export type ResetReason =
  | 'connection timeout'
  | 'remote connection failure'
  | 'connection termination'
  | 'protocol error'
  /** The upstream gave up one request of HTTP/2, and the second before it did anything with it. */
  | 'remote reset'
  | 'remote refused stream reset'
  /** The upstream had closed a pooled connection before it got a byte of the request. */
  | 'stale connection';

/** How bytes of an unnamed kind came in. */
export interface FirstBytes {
  /** What the client offered in the TLS handshake, when there was one. */
  alpn?: readonly string[] | undefined;
  /** What came in plaintext; empty when nothing came within the detection time-out. */
  plaintext?: Buffer | undefined;
}

/**
 * What Envoy decides as Istio configures it. Every entry may be replaced by a fault, so none calls another.
 */
export const envoyRules = {
  /**
   * Requests that the codec or the connection manager refuses to look at any further. `target` is as it stood in the
   * request line.
   *
   * Source: measured (`observed/no-policy.paths.md`: 400 with 11 bytes for CONNECT, unknown methods and `*`, 404 for
   * `OPTIONS *`); envoy `source/common/http/http1/balsa_parser.cc` and `codec_impl.cc` (`handlePath`),
   * `conn_manager_impl.cc` (`absolute_path_rejected`).
   */
  rejectsRequest: (method: string, target: string): LocalAnswer | undefined => {
    const badRequest = (details: string): LocalAnswer => ({
      status: 400,
      body: 'Bad Request',
      details,
      flags: ['DPE'],
    });
    // A gateway of Istio's has no CONNECT listener, and the targets the suite sends with it are paths.
    if (method === 'CONNECT' || !knownMethods.has(method)) return badRequest('http1.codec_error');
    if (target === '*' && method === 'OPTIONS') {
      return { status: 404, body: '', details: 'absolute_path_rejected', flags: [] };
    }
    const relative = target.startsWith('/');
    const absolute = /^https?:\/\/[^/?#]+(?=[/?#]|$)/i.test(target);
    return relative || absolute ? undefined : badRequest('http1.invalid_url');
  },

  /**
   * The path that routes, filters and upstreams see; `reject` is answered with 400 and an empty body.
   *
   * Istio's default is `normalize_path` without merging slashes and with escaped slashes left alone (istio
   * `pilot/pkg/networking/core/listener_builder.go`); it cuts fragments instead of refusing them (istio
   * `pkg/bootstrap/config.go`, runtime flag `http_reject_path_with_fragment: false`).
   */
  normalizePath: (target: string): string | 'reject' => {
    const unfragmented = target.replace(/#.*$/s, '');
    const queryAt = unfragmented.indexOf('?');
    const path = queryAt === -1 ? unfragmented : unfragmented.slice(0, queryAt);
    const query = queryAt === -1 ? '' : unfragmented.slice(queryAt);
    const canonical = canonicalPath(path);
    return canonical === undefined ? 'reject' : canonical + query;
  },

  /**
   * Whether Envoy puts a request's path through `normalizePath` at all.
   *
   * Source: istio, mesh configuration `pathNormalization`: every HTTP listener, sidecar and gateway alike.
   */
  normalizes: (_side: Side): boolean => true,

  /**
   * The answer to a request that Dikastes did not allow; undefined goes on. Any status but OK denies, and so does no
   * answer, since Calico's EnvoyFilter sets no `failure_mode_allow`.
   *
   * Source: measured (403, no body, `UAEX ext_authz_denied` or `ext_authz_error`); envoy
   * `source/extensions/filters/common/ext_authz/ext_authz_grpc_impl.cc`; calico
   * `manifests/alp/istio-app-layer-policy-envoy-v3.yaml`.
   */
  deniedResponse: (
    result: CheckResult,
  ): { status: 403; body: ''; details: 'ext_authz_denied' | 'ext_authz_error' } | undefined => {
    if (result === 'OK') return undefined;
    const details = result === 'no answer' ? 'ext_authz_error' : 'ext_authz_denied';
    return { status: 403, body: '', details };
  },

  /**
   * The same for a connection that is no HTTP: it is closed without a byte, and the log says which.
   *
   * Source: measured (`0 UAEX ext_authz_denied`); envoy `source/extensions/filters/network/ext_authz/ext_authz.cc`.
   */
  tcpDenied: (result: CheckResult): 'ext_authz_denied' | 'ext_authz_error' | undefined => {
    if (result === 'OK') return undefined;
    return result === 'no answer' ? 'ext_authz_error' : 'ext_authz_denied';
  },

  /**
   * Whether the network filter lets what the server says first through, before the client has said anything that
   * Dikastes could be asked about.
   *
   * Source: measured (a banner is delivered before the denial); envoy `ext_authz.cc` (`onNewConnection` continues).
   */
  passesUndecided: (direction: 'from client' | 'from server'): boolean => direction === 'from server',

  /** The path in the question to Dikastes: as it goes on, with its query. Source: envoy, attribute `http.path`. */
  checkedPath: (normalized: string): string => normalized,

  /**
   * Whether a connection in plaintext finds a filter chain.
   *
   * Source: measured (reset under STRICT, log `0 NR filter_chain_not_found`); istio
   * `pilot/pkg/security/authn/policy_applier.go`.
   */
  plaintextUnder: (mode: 'STRICT' | 'PERMISSIVE' | 'DISABLE'): 'served' | 'reset' =>
    mode === 'STRICT' ? 'reset' : 'served',

  /**
   * What becomes of a connection that begins with a TLS handshake: `terminated` asks for a certificate of the mesh,
   * `reset` finds no filter chain, `passed on` is taken for whatever the port speaks.
   *
   * Source: measured (`observed/extended.md`, MTLS-07/08); istio `pilot/pkg/security/authn/utils` (ALPN of the chains
   * of PERMISSIVE).
   */
  tlsUnder: (
    mode: 'STRICT' | 'PERMISSIVE' | 'DISABLE',
    alpn: readonly string[],
  ): 'terminated' | 'reset' | 'passed on' => {
    if (mode === 'STRICT') return 'terminated';
    if (mode === 'DISABLE') return 'passed on';
    return alpn.some((protocol) => /^istio(-|$)/.test(protocol)) ? 'terminated' : 'reset';
  },

  /**
   * Ports of the sidecar's own that answer in plaintext whatever the mode is, and are never asked about.
   *
   * Source: measured (15020 under STRICT); istio `tools/istio-iptables` (ports that are not captured).
   */
  bypassesSidecar: (port: number): boolean => port === 15020 || port === 15021 || port === 15090,

  /**
   * Whether what comes in is HTTP, by the port's declared protocol, else by ALPN, else by its first bytes.
   *
   * Source: istio documentation, "Protocol Selection"; envoy's HTTP inspector.
   */
  speaksHttp: (declared: PortProtocol, { alpn, plaintext }: FirstBytes): boolean => {
    if (declared !== 'auto') return declared !== 'tcp';
    if (alpn !== undefined) return alpn.some((offered) => /^(istio-)?(http\/|h2$)/.test(offered));
    const line = (plaintext ?? Buffer.alloc(0)).toString('latin1').split('\r\n', 1)[0] ?? '';
    return /^[A-Z][A-Z-]* \S+ HTTP\/\d\.\d$/.test(line);
  },

  /**
   * The version of HTTP that is spoken to an upstream: what its port says; where that says nothing, what the client
   * speaks, but not at a gateway.
   *
   * Source: istio `pilot/pkg/networking/core/cluster_builder.go` (`setUpstreamProtocol`), for clusters of either
   * direction; measured (gRPC by a port named `grpc` passes both proxies).
   */
  upstreamVersion: (declared: PortProtocol, client: HttpVersion, side: Side): HttpVersion => {
    if (declared === 'http2') return 'HTTP/2';
    return declared === 'auto' && side !== 'gateway' ? client : 'HTTP/1.1';
  },

  /**
   * What an answer of the proxy's own is for a client of gRPC, which gets status 200 and this beside it.
   *
   * Source: measured (403 is 7, 503 is 14); envoy `source/common/grpc/status.cc` (`httpToGrpcStatus`).
   */
  grpcStatus: (httpStatus: number): number => {
    const known: Record<number, number> = {
      400: 13,
      401: 16,
      403: 7,
      404: 12,
      429: 14,
      502: 14,
      503: 14,
      504: 14,
    };
    return known[httpStatus] ?? 2;
  },

  /**
   * Milliseconds that first bytes are waited for before a connection counts as one where the server speaks first. It
   * is not scaled, since a busy client must not be taken for a silent one.
   *
   * Source: istio mesh configuration `protocolDetectionTimeout`, 5 s as documented.
   */
  detectionTimeout: (): number => 5_000,

  /**
   * Whether another attempt is made after one that ended so.
   *
   * Source: istio `pilot/pkg/networking/core/route/retry/retry.go` (`connect-failure,refused-stream,unavailable,
   * cancelled`, and `reset-before-request`); measured (three attempts of 10 s; a reset after the request: one).
   */
  retriesOn: (reason: ResetReason): boolean =>
    reason === 'connection timeout' ||
    reason === 'remote connection failure' ||
    reason === 'remote refused stream reset' ||
    reason === 'stale connection',

  /**
   * Milliseconds until an attempt to connect is given up.
   *
   * Source: istio mesh configuration `connectTimeout`, 10 s; measured (503 after 30.0 s).
   */
  connectTimeout: (unscaledMs: number, timeScale: number): number => unscaledMs * timeScale,

  /**
   * Milliseconds before attempt number `attempt` (2 is the first retry).
   *
   * Source: envoy, `retry_back_off`: random up to 25 ms, then 75 ms, then 175 ms, at most 250 ms.
   */
  backOff: (attempt: number, random: number): number => random * Math.min(250, 25 * (2 ** (attempt - 1) - 1)),

  /** The answer when a cluster has no endpoint that is ready. Source: measured (503, 19 bytes). */
  noHealthyUpstream: (): LocalAnswer => ({
    status: 503,
    body: 'no healthy upstream',
    details: 'no_healthy_upstream',
    flags: ['UH'],
  }),

  /** The answer when no route matches. Source: measured (404, empty, `NR route_not_found`). */
  routeNotFound: (): LocalAnswer => ({ status: 404, body: '', details: 'route_not_found', flags: ['NR'] }),

  /**
   * Which pool of upstream connections a request takes one from. Two requests that share none are each cold on their
   * own: a pool belongs to one worker thread.
   *
   * Source: envoy, "Connection pooling" ("each host in each cluster will have one or more connection pools …
   * per worker thread").
   */
  poolOf: (worker: number, cluster: string): string => `${worker}|${cluster}`,

  /**
   * The `server` header, which every hop overwrites.
   *
   * Source: measured (`envoy` from a mesh client's own sidecar, else `istio-envoy`).
   */
  serverHeader: (side: Side): string => (side === 'outbound' ? 'envoy' : 'istio-envoy'),

  /**
   * The identity that the application is told of; undefined when the connection had none. Whatever a client claims by
   * itself is dropped.
   *
   * Source: measured; istio sets APPEND_FORWARD on inbound listeners with the subject and URI of the certificate.
   */
  forwardedClientCert: (
    received: readonly string[],
    peer: { server: string; hash: string; client: string } | undefined,
  ): string | undefined => {
    if (peer === undefined) return undefined;
    const own = `By=${peer.server};Hash=${peer.hash};Subject="";URI=${peer.client}`;
    return [...received, own].join(',');
  },

  /**
   * Milliseconds for which established connections keep the filters they were made with when a listener changes; then
   * they are closed.
   *
   * Source: measured (established connections stay filtered for a while after the EnvoyFilter is gone); istio proxy
   * configuration `drainDuration`, 45 s.
   */
  drainTime: (timeScale: number): number => 45_000 * timeScale,

  /** Whether a connection stays open for another request (RFC 9112, section 9.3). */
  keepsAlive: (connectionOptions: readonly string[]): boolean => !connectionOptions.includes('close'),
};

export type EnvoyRules = typeof envoyRules;

/** What Envoy's HTTP/1 parser takes for a method (envoy `source/common/http/http1/balsa_parser.cc`). */
const knownMethods = new Set(
  [
    'ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE MSEARCH',
    'NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND',
    'UNLINK UNLOCK UNSUBSCRIBE',
  ].flatMap((line) => line.split(' ')),
);

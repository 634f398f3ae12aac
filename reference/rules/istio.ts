import type { ServicePort } from '../cluster/service.ts';
import type { Asking, InsertedFilter, Traffic } from '../istio/envoy-filter.ts';
import { type InjectionCandidate, injectLabel, revision } from '../istio/injection.ts';
import { rootNamespace, trustDomain } from '../istio/names.ts';
import type { ModeSetting, MutualTlsMode, PeerPolicy } from '../istio/peer-authentication.ts';
import type { PortProtocol } from '../istio/ports.ts';
import type { RoutedRequest, UpstreamEndpoint } from '../istio/route.ts';
import { matchesAll } from '../istio/string-match.ts';
import type { AccessLogging } from '../istio/telemetry.ts';
import type { HttpMatch, Retries } from '../istio/virtual-service.ts';
import { selects, type Workload } from '../istio/workload.ts';
import { alert } from '../network/alerts.ts';
import type { PresentedPeer } from '../network/peer.ts';

/** What an endpoint is like, as far as the proxy that connects to it knows. */
export interface EndpointFacts {
  /** Whether a sidecar waits there. */
  sidecar: boolean;
  mode: MutualTlsMode;
  /** What a DestinationRule demands. */
  demanded: 'DISABLE' | 'ISTIO_MUTUAL' | undefined;
}

const neverInjected = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);
const httpNames = /^(http|http_proxy|kubernetes\.io\/ws)$/;
const http2Names = /^(http2|grpc|grpc-web|kubernetes\.io\/h2c)$/;
const tcpNames = /^(tcp|tls|https|mongo|mysql|redis|kubernetes\.io\/wss)$/;

/** What Istio decides; each is replaced as a whole by a fault or by the deviation of a release. */
export const istioRules = {
  /**
   * Whether a new pod gets a sidecar: not when its label or its namespace's forbids it, else when one of them asks
   * for it. The annotation of the same name can only forbid, since the webhook selects by labels. A namespace of
   * Istio's own is not injected by its label (istio `pkg/kube/inject/inject.go` injectRequired,
   * `manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml`).
   */
  injects: (pod: InjectionCandidate): boolean => {
    const { namespace, namespaceLabels, podLabels, podAnnotations, hostNetwork } = pod;
    const { askedBy = revision, byDefault = true } = pod;
    if (hostNetwork || neverInjected.has(namespace)) return false;
    const wish = podLabels[injectLabel];
    const forNamespace = namespaceLabels['istio-injection'];
    if (wish === 'false' || forNamespace === 'disabled') return false;
    if (wish === 'true' && byDefault) return true;
    if (podAnnotations[injectLabel] === 'false' || namespace === rootNamespace) return false;
    if (forNamespace !== undefined) return byDefault && forNamespace === 'enabled';
    return namespaceLabels['istio.io/rev'] === askedBy || podLabels['istio.io/rev'] === askedBy;
  },

  /**
   * The templates laid over a pod, in order: those that its annotation lists, else the default ones
   * (istio `pkg/kube/inject/inject.go` selectTemplates).
   */
  templatesFor: (annotation: string | undefined, defaults: readonly string[]): string[] =>
    annotation === undefined ? [...defaults] : annotation.split(',').map((name) => name.trim()),

  /**
   * Whether an object is let in as it came when no istiod answers for it: only where the webhook's failure policy
   * says so (Kubernetes, admissionregistration.k8s.io/v1 failurePolicy).
   */
  admitsUnanswered: (failurePolicy: string): boolean => failurePolicy === 'Ignore',

  /**
   * Which clients a workload's port serves: what its own policy says of the port, else its own policy, else its
   * namespace's, else the mesh's, else all. In each place the oldest policy counts; UNSET inherits; a policy with
   * a selector in the root namespace is for no one (istio `pilot/pkg/security/authn/policy_applier.go`
   * ComposePeerAuthentication).
   *
   * @param policies the oldest first.
   */
  modeOf: (policies: readonly PeerPolicy[], workload: Workload, port: number): MutualTlsMode => {
    const { namespace, labels } = workload;
    const wide = (place: string) =>
      policies.find((policy) => policy.namespace === place && policy.matchLabels === undefined);
    const own = policies.find(
      (policy) =>
        policy.namespace !== rootNamespace &&
        policy.namespace === namespace &&
        policy.matchLabels !== undefined &&
        selects(policy, labels),
    );
    const settings: (ModeSetting | undefined)[] = [
      own?.ports.get(port),
      own?.mode,
      wide(namespace)?.mode,
      wide(rootNamespace)?.mode,
    ];
    return settings.find((setting) => setting !== undefined && setting !== 'UNSET') ?? 'PERMISSIVE';
  },

  /**
   * Whether a proxy that connects to others is told of a PeerAuthentication: of those in the root namespace all
   * are, of another namespace's only that namespace's proxies and the gateways (istio `pilot/pkg/model/sidecar.go`
   * clusterScopedKnownConfigTypes; so measured on 1.28.10).
   */
  learnsOfMode: (policyNamespace: string, proxy: Workload): boolean =>
    policyNamespace === rootNamespace || proxy.gateway || proxy.namespace === policyNamespace,

  /**
   * How a proxy speaks to an endpoint: as a DestinationRule demands, else by mutual TLS when there is a sidecar
   * and mutual TLS is not switched off there (istio `pilot/pkg/xds/endpoints/mtls_checker.go`).
   */
  upstreamTls: ({ sidecar, mode, demanded }: EndpointFacts): UpstreamEndpoint['tls'] => {
    if (demanded !== undefined) return demanded === 'DISABLE' ? 'plaintext' : 'mutual';
    return sidecar && mode !== 'DISABLE' ? 'mutual' : 'plaintext';
  },

  /**
   * The TLS alert that refuses a client; undefined: it is let in. A SPIFFE id of the mesh's trust domain is
   * enough, whatever its path (istio `pilot/pkg/security/authn/utils`; alerts as measured on 1.28.10).
   */
  judgePeer: ({ presented, chainTrusted, uri }: PresentedPeer): number | undefined => {
    if (!presented) return alert.certificateRequired;
    if (!chainTrusted) return alert.unknownCa;
    return uri?.startsWith(`spiffe://${trustDomain}/`) ? undefined : alert.certificateUnknown;
  },

  /**
   * Whether a name is one that a pattern stands for: the name itself, `*.example.org` for any name that ends so,
   * `*` for all. Host names know no case (Envoy, `config/route/v3` VirtualHost.domains).
   */
  hostMatches: (pattern: string, host: string): boolean => {
    const [wanted, name] = [pattern.toLowerCase(), host.toLowerCase()];
    if (wanted === '*') return true;
    if (!wanted.startsWith('*')) return wanted === name;
    return name.length >= wanted.length && name.endsWith(wanted.slice(1));
  },

  /**
   * Whether a route's match holds for a request. Paths are compared without their query, a prefix by characters,
   * a regular expression with the whole value (istio `pilot/pkg/networking/core/route/route.go` TranslateRouteMatch).
   */
  routeMatches: (match: HttpMatch, request: RoutedRequest): boolean => matchesAll(match, request),

  /**
   * How often a request is tried at most: as often again as the route's retries say, by default twice; none for
   * zero (istio `pilot/pkg/networking/core/route/retry/retry.go`).
   */
  attemptsOf: (retries: Retries | undefined): number =>
    retries === undefined ? 3 : Math.max(0, retries.attempts ?? 0) + 1,

  /**
   * Whether a pod's inbound listeners ask about each request, or each connection that is no HTTP: when a filter that
   * asks the given cluster is inserted there. Filters of the root namespace are for the whole mesh; gateways have no
   * such listeners (istio `pilot/pkg/networking/core/envoyfilter`). What gets no answer is let through where the
   * filter has `failure_mode_allow` (envoy `extensions/filters/{http,network}/ext_authz/v3`).
   *
   * @param clusters those that proxies know besides Services.
   */
  asksDikastes: (
    filters: readonly InsertedFilter[],
    workload: Workload,
    clusters: readonly { host: string; port: number }[],
    traffic: Traffic,
  ): Asking => {
    const name = { requests: 'envoy.filters.http.ext_authz', connections: 'envoy.filters.network.ext_authz' };
    const asking = filters.filter(
      ({ namespace, matchLabels, context, filter, asks, ...inserted }) =>
        inserted.traffic === traffic &&
        filter === name[traffic] &&
        (context === 'SIDECAR_INBOUND' || context === 'ANY') &&
        (namespace === rootNamespace || namespace === workload.namespace) &&
        selects({ ...(matchLabels && { matchLabels }) }, workload.labels) &&
        clusters.some(({ host, port }) => host === asks?.host && port === asks.port),
    );
    if (workload.gateway || asking.length === 0) return 'no';
    return asking.every(({ failsOpen }) => failsOpen) ? 'fails open' : 'fails closed';
  },

  /**
   * Whether a proxy writes access logs: as the nearest Telemetry that speaks of it says, else as the mesh does by
   * default (istio `pilot/pkg/model/telemetry.go`).
   *
   * @param settings those that apply to the workload, the nearest last.
   */
  logsAccess: (settings: readonly AccessLogging[], byDefault: boolean): boolean =>
    settings.findLast(({ logs }) => logs !== undefined)?.logs ?? byDefault,

  /**
   * What a Service's port speaks: by its appProtocol, else by its name up to the first hyphen; otherwise Envoy
   * finds out (istio `pkg/config/protocol/instance.go`, `pkg/config/kube/conversion.go`).
   */
  protocolOfPort: ({ name = '', appProtocol }: ServicePort): PortProtocol => {
    const said = (appProtocol ?? name.split('-')[0] ?? '').toLowerCase();
    if (httpNames.test(said)) return 'http';
    if (http2Names.test(said)) return 'http2';
    return tcpNames.test(said) ? 'tcp' : 'auto';
  },
};

export type IstioRules = typeof istioRules;

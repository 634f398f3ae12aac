import type { IstioRules } from '../rules/istio.ts';
import type { Configuration } from './configuration.ts';
import { type DestinationRule, ruleFor } from './destination-rule.ts';
import { closestHost } from './hosts.ts';
import { clusterName, fullHost, serviceNameOf } from './names.ts';
import { portsOf, protocolAt } from './ports.ts';
import type { Route, UpstreamEndpoint } from './route.ts';
import type { ServiceRegistry } from './services.ts';
import type { Destination, HttpRoute } from './virtual-service.ts';
import { hasSidecar, type Workload, workloadOf } from './workload.ts';

/** Istio's own, unless a DestinationRule says otherwise (istio `pkg/config/mesh/mesh.go`). */
const defaultConnectTimeoutMs = 10_000;

/** What turns a destination into endpoints, seen by one proxy. */
export interface Outlook {
  configuration: Configuration;
  services: ServiceRegistry;
  rules: IstioRules;
  proxy: Workload;
}

/** Every Service's port that a proxy can send to, by the names of their clusters. */
export function clustersOf(outlook: Outlook): { name: string; connectTimeoutMs: number }[] {
  return [...outlook.configuration.services].flatMap(([host, service]) => {
    const { connectTimeoutMs = defaultConnectTimeoutMs } = destinationRule(outlook, host) ?? {};
    return portsOf(service).map(({ port }) => ({ name: clusterName(host, port), connectTimeoutMs }));
  });
}

/** The way to the ready pods behind a host's port; a host that is no Service has none. */
export function clusterRoute(outlook: Outlook, host: string, port: number, attempts: number): Route {
  const rule = destinationRule(outlook, host);
  return {
    kind: 'cluster',
    cluster: clusterName(host, port),
    speaks: protocolAt(outlook.configuration.services.get(host), port, outlook.rules) ?? 'auto',
    endpoints: endpointsOf(outlook, host, port, rule),
    attempts,
    connectTimeoutMs: rule?.connectTimeoutMs ?? defaultConnectTimeoutMs,
    ...(rule?.maxRequestsPerConnection !== undefined && {
      maxRequestsPerConnection: rule.maxRequestsPerConnection,
    }),
  };
}

/**
 * What a VirtualService's route comes to.
 *
 * @param namespace in which short host names are meant.
 * @param port that the request came to, which a destination without one goes on to.
 * @param turn counts requests, so that weights are kept exactly.
 */
export function routeOf(
  outlook: Outlook,
  { route = [], directResponse, retries }: HttpRoute,
  { namespace, port, turn }: { namespace: string; port: number; turn: number },
): Route {
  if (directResponse !== undefined) {
    const { status, body: { string, bytes = '' } = {} } = directResponse;
    return { kind: 'direct', status, body: string ?? Buffer.from(bytes, 'base64').toString() };
  }
  const destination = inTurn(route, turn);
  if (destination === undefined) return { kind: 'not found' };
  const host = fullHost(destination.host, namespace).toLowerCase();
  const to = destination.port?.number ?? onlyPort(outlook, host) ?? port;
  return clusterRoute(outlook, host, to, outlook.rules.attemptsOf(retries));
}

/** The destination of a request by its turn, as often as its weight says; a single one needs no weight. */
function inTurn(route: NonNullable<HttpRoute['route']>, turn: number): Destination | undefined {
  if (route.length <= 1) return route[0]?.destination;
  const total = route.reduce((sum, { weight = 0 }) => sum + weight, 0);
  let left = total === 0 ? 0 : turn % total;
  for (const { destination, weight = 0 } of route) {
    if (left < weight) return destination;
    left -= weight;
  }
  return route[0]?.destination;
}

function onlyPort({ configuration }: Outlook, host: string): number | undefined {
  const service = configuration.services.get(host);
  const ports = service === undefined ? [] : portsOf(service);
  return ports.length === 1 ? ports[0]?.port : undefined;
}

function destinationRule(
  { configuration, rules, proxy }: Outlook,
  host: string,
): DestinationRule | undefined {
  const namespaces = { proxy: proxy.namespace, host: serviceNameOf(host)?.namespace };
  return ruleFor(configuration.destinationRules, host, namespaces, (hosts, wanted) =>
    closestHost(hosts, wanted, rules.hostMatches),
  );
}

function endpointsOf(
  { configuration, services, rules, proxy }: Outlook,
  host: string,
  port: number,
  rule: DestinationRule | undefined,
): UpstreamEndpoint[] {
  const service = configuration.services.get(host);
  if (service === undefined) return [];
  const known = configuration.peerPolicies.filter(({ namespace }) => rules.learnsOfMode(namespace, proxy));
  return services
    .endpointsOf(service)
    .filter(({ ready, servicePort }) => ready && servicePort === port)
    .map((endpoint) => {
      const mode = rules.modeOf(known, workloadOf(endpoint.pod), endpoint.port);
      const sidecar = hasSidecar(endpoint.pod);
      const tls = rules.upstreamTls({ sidecar, mode, demanded: rule?.tls });
      return { address: endpoint.address, port: endpoint.port, tls };
    });
}

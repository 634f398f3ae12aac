import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { selects as isBefore } from '../cluster/service.ts';
import type { IstioRules } from '../rules/istio.ts';
import type { Configuration } from './configuration.ts';
import type { Gateway } from './gateway.ts';
import { closestHost, commonHosts, withoutPort } from './hosts.ts';
import { type FoundRoute, firstRoute } from './http-routes.ts';
import { portsOf, targetIn } from './ports.ts';
import type { RoutedRequest } from './route.ts';
import type { VirtualService } from './virtual-service.ts';
import { selects, type Workload } from './workload.ts';

/** A port that a gateway serves. */
export interface GatewayPort {
  /** The container's, to listen on. */
  port: number;
  /** As the Gateway has it. */
  serverPort: number;
}

/**
 * The ports of the Gateways that select a pod. A Gateway names the port of the Service before the proxy, which says
 * the container's; a port of no Service is the container's itself (istio `pilot/pkg/model/gateway.go`).
 */
export function gatewayPorts(
  { gateways, services }: Configuration,
  pod: KubeObject,
  workload: Workload,
): GatewayPort[] {
  const served = gateways.filter((gateway) => selects(gateway, workload.labels));
  const numbers = new Set(served.flatMap(({ servers }) => servers.map(({ port }) => port)));
  const before = [...services.values()].filter((service) => isBefore(service, pod));
  return [...numbers].map((serverPort) => {
    const mapped = before.flatMap(portsOf).find(({ port }) => port === serverPort);
    return { port: (mapped && targetIn(pod, mapped)) ?? serverPort, serverPort };
  });
}

/** The route that a request takes at a gateway; undefined: none. */
export function routeAtGateway(
  configuration: Configuration,
  workload: Workload,
  serverPort: number,
  request: RoutedRequest,
  rules: IstioRules,
): FoundRoute | undefined {
  const domains = domainsOf(configuration, workload, serverPort, rules);
  const closest = closestHost(domains.keys(), withoutPort(request.authority), rules.hostMatches);
  if (closest === undefined) return undefined;
  const bound = domains.get(closest)!;
  for (const [gateway, services] of bound) {
    const found = firstRoute(services, gateway, request, rules);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** For each host that the gateway serves, by Gateway, the VirtualServices that are bound to it. */
function domainsOf(
  { gateways, virtualServices }: Configuration,
  workload: Workload,
  serverPort: number,
  rules: IstioRules,
): Map<string, Map<string, VirtualService[]>> {
  const domains = new Map<string, Map<string, VirtualService[]>>();
  for (const gateway of gateways.filter((one) => selects(one, workload.labels))) {
    const name = `${gateway.namespace}/${gateway.name}`;
    for (const service of virtualServices.filter((one) => one.gateways.includes(name))) {
      for (const domain of servedHosts(gateway, serverPort, service, rules)) {
        const bound = domains.get(domain) ?? new Map<string, VirtualService[]>();
        bound.set(name, [...(bound.get(name) ?? []), service]);
        domains.set(domain, bound);
      }
    }
  }
  return domains;
}

function servedHosts(
  { servers }: Gateway,
  serverPort: number,
  service: VirtualService,
  rules: IstioRules,
): Set<string> {
  const open = servers
    .filter(({ port }) => port === serverPort)
    .flatMap(({ hosts }) => hosts)
    .filter(({ namespace }) => namespace === '*' || namespace === service.namespace);
  const common = open.flatMap(({ host }) =>
    service.hosts.map((wanted) => commonHosts(host, wanted, rules.hostMatches)),
  );
  return new Set(common.filter((host) => host !== undefined));
}

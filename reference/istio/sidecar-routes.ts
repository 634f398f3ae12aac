import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { serviceSpec } from '../cluster/service.ts';
import type { IstioRules } from '../rules/istio.ts';
import type { Configuration } from './configuration.ts';
import { closestHost, withoutPort } from './hosts.ts';
import { type FoundRoute, firstRoute } from './http-routes.ts';
import { hostOf } from './names.ts';
import { protocolAt } from './ports.ts';
import type { RoutedRequest } from './route.ts';
import { mesh, type VirtualService } from './virtual-service.ts';
import type { Workload } from './workload.ts';

/** Where a sidecar's request or connection goes: by a VirtualService, to a Service as it is, or past the mesh. */
export type Outbound =
  | { kind: 'route'; found: FoundRoute | undefined }
  | { kind: 'service'; host: string; port: number }
  | { kind: 'passthrough' };

/**
 * How a sidecar sends on what its pod sends.
 *
 * On a port that some Service says is HTTP, requests go by their `Host` among all Services with that port, wherever
 * they were addressed to; a host that no one has goes on to the address (Istio's `ALLOW_ANY`). On other ports the
 * Service is known by its address (istio `pilot/pkg/networking/core/listener.go`, `httproute.go`).
 *
 * @param service the one with the destination's address.
 * @param request absent for a connection of plain TCP.
 */
export function outbound(
  configuration: Configuration,
  workload: Workload,
  service: KubeObject | undefined,
  port: number,
  request: RoutedRequest | undefined,
  rules: IstioRules,
): Outbound {
  const protocol = protocolAt(service, port, rules);
  const addressed = protocol === undefined ? undefined : hostOf(service!);
  if (request === undefined || protocol === 'tcp') return toService(addressed, port);
  if (protocol === 'auto') return toHost(configuration, addressed!, port, request, rules);
  const byHost = hostsAt(configuration, workload, port, rules);
  if (byHost.size === 0) return toService(addressed, port);
  const authority = withoutPort(request.authority);
  const host = byHost.get(authority);
  if (host !== undefined) return toHost(configuration, host, port, request, rules);
  const found = boundTo(configuration.virtualServices, authority, rules);
  if (found === undefined) return { kind: 'passthrough' };
  return { kind: 'route', found: firstRoute([found], mesh, request, rules) };
}

function toService(host: string | undefined, port: number): Outbound {
  return host === undefined ? { kind: 'passthrough' } : { kind: 'service', host, port };
}

function toHost(
  { virtualServices }: Configuration,
  host: string,
  port: number,
  request: RoutedRequest,
  rules: IstioRules,
): Outbound {
  const virtualService = boundTo(virtualServices, host, rules);
  if (virtualService === undefined || virtualService.http.length === 0) return toService(host, port);
  return { kind: 'route', found: firstRoute([virtualService], mesh, request, rules) };
}

/** For sidecars the VirtualServices of one host are not merged: the closest and of those the oldest counts. */
function boundTo(
  virtualServices: readonly VirtualService[],
  host: string,
  rules: IstioRules,
): VirtualService | undefined {
  const bound = virtualServices.filter(({ gateways }) => gateways.includes(mesh));
  const closest = closestHost(
    bound.flatMap(({ hosts }) => hosts),
    host,
    rules.hostMatches,
  );
  return closest === undefined ? undefined : bound.find(({ hosts }) => hosts.includes(closest));
}

/** Every name that a Service with an HTTP port of that number has for a workload, to its full host name. */
function hostsAt(
  { services }: Configuration,
  { namespace }: Workload,
  port: number,
  rules: IstioRules,
): Map<string, string> {
  const hosts = new Map<string, string>();
  for (const [host, service] of services) {
    const protocol = protocolAt(service, port, rules);
    if (protocol !== 'http' && protocol !== 'http2') continue;
    for (const name of namesOf(service, namespace)) hosts.set(name, host);
  }
  return hosts;
}

function namesOf(service: KubeObject, from: string): string[] {
  const { name, namespace } = service.metadata;
  const { clusterIP } = serviceSpec(service);
  const base = `${name}.${namespace}`;
  return [
    hostOf(service),
    base,
    `${base}.svc`,
    ...(namespace === from ? [name] : []),
    ...(clusterIP === undefined || clusterIP === 'None' ? [] : [clusterIP]),
  ];
}

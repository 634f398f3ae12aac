import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { IstioRules } from '../rules/istio.ts';
import type { Store } from '../store/store.ts';
import { clusterRoute, clustersOf, type Outlook, routeOf } from './cluster-route.ts';
import { configDump } from './config-dump.ts';
import { type Configuration, configurationKinds, readConfiguration } from './configuration.ts';
import type { Asking, Traffic } from './envoy-filter.ts';
import { type GatewayPort, gatewayPorts, routeAtGateway } from './gateway-routes.ts';
import type { FoundRoute } from './http-routes.ts';
import { hostOf } from './names.ts';
import type { MutualTlsMode } from './peer-authentication.ts';
import { inboundServices, type PortProtocol, protocolAt } from './ports.ts';
import { Propagation } from './propagation.ts';
import type { Route, RoutedRequest } from './route.ts';
import type { ServiceRegistry } from './services.ts';
import { outbound } from './sidecar-routes.ts';
import { applicable } from './telemetry.ts';
import { workloadOf } from './workload.ts';

export type { GatewayPort } from './gateway-routes.ts';
export type { MutualTlsMode } from './peer-authentication.ts';
export type { PortProtocol } from './ports.ts';
export type { ServiceRegistry } from './services.ts';

export interface IstiodOptions {
  /** How long after a change proxies still know Istio's objects and Services as they were; 0 when absent. */
  propagationMs?: number;
}

/** What istiod tells the proxies of the mesh, made from the objects in the store. Nothing here changes anything. */
export class Istiod {
  private readonly services: ServiceRegistry;
  private readonly rules: IstioRules;
  private readonly proxies: Propagation<Configuration>;
  /** Counts the requests that a route splits among destinations. */
  private turn = 0;

  constructor(
    store: Store,
    services: ServiceRegistry,
    rules: IstioRules,
    { propagationMs = 0 }: IstiodOptions = {},
  ) {
    this.services = services;
    this.rules = rules;
    this.proxies = new Propagation(store, configurationKinds, () => readConfiguration(store), propagationMs);
  }

  /** Whom a port of an injected pod serves. */
  inboundMode(pod: KubeObject, port: number): MutualTlsMode {
    return this.rules.modeOf(this.configuration.peerPolicies, workloadOf(pod), port);
  }

  /** Whether a pod's inbound listeners ask Dikastes about what comes in. */
  asksDikastes(pod: KubeObject, traffic: Traffic): Asking {
    const { filters, entries } = this.configuration;
    return this.rules.asksDikastes(filters, workloadOf(pod), entries, traffic);
  }

  /** Whether a pod's proxy writes access logs. */
  logsAccess(pod: KubeObject): boolean {
    const { accessLogging, logsByDefault } = this.configuration;
    return this.rules.logsAccess(applicable(accessLogging, workloadOf(pod)), logsByDefault);
  }

  /** What a container's port speaks, as its Service says; `auto` when that says nothing, or there is none. */
  protocolOf(pod: KubeObject, port: number): PortProtocol {
    const [inbound] = inboundServices(this.configuration, pod, port);
    return inbound === undefined ? 'auto' : this.rules.protocolOfPort(inbound.servicePort);
  }

  /** The name of the route of an inbound port, `frontend.default.svc.cluster.local:80/*`; undefined without a Service. */
  inboundOperation(pod: KubeObject, port: number): string | undefined {
    const [inbound] = inboundServices(this.configuration, pod, port);
    return inbound && `${hostOf(inbound.service)}:${inbound.servicePort.port}/*`;
  }

  /** What a sidecar takes a connection to speak that its pod opens. */
  outboundProtocol({ address, port }: { address: string; port: number }): PortProtocol {
    return protocolAt(this.services.serviceOf(address), port, this.rules) ?? 'auto';
  }

  /** The ports that a gateway's pod serves now; they come and go with Gateways. */
  gatewayPorts(pod: KubeObject): GatewayPort[] {
    return gatewayPorts(this.configuration, pod, workloadOf(pod));
  }

  /** @param serverPort that the request came to, as the Gateway has it. */
  routeAtGateway(pod: KubeObject, serverPort: number, request: RoutedRequest): Route {
    const outlook = this.outlookOf(pod);
    const found = routeAtGateway(this.configuration, outlook.proxy, serverPort, request, this.rules);
    return this.follow(outlook, found, serverPort);
  }

  /**
   * @param destination that the pod wanted to connect to.
   * @param request absent for a connection that is not HTTP.
   */
  routeFromSidecar(
    pod: KubeObject,
    { address, port }: { address: string; port: number },
    request: RoutedRequest | undefined,
  ): Route {
    const outlook = this.outlookOf(pod);
    const service = this.services.serviceOf(address);
    const way = outbound(this.configuration, outlook.proxy, service, port, request, this.rules);
    switch (way.kind) {
      case 'passthrough':
        return { kind: 'passthrough' };
      case 'service':
        // A connection of plain TCP is tried as often as a request (measured: reset after 30 s, not 10).
        return clusterRoute(outlook, way.host, way.port, this.rules.attemptsOf(undefined));
      case 'route':
        return this.follow(outlook, way.found, port);
    }
  }

  /** What a pod's proxy was told, in the sections of Envoy's config dump. */
  configDump(pod: KubeObject): object[] {
    const outlook = this.outlookOf(pod);
    return configDump({
      requests: this.asksDikastes(pod, 'requests'),
      connections: this.asksDikastes(pod, 'connections'),
      clusters: clustersOf(outlook),
      ...(outlook.proxy.gateway && { gatewayPorts: this.gatewayPorts(pod).map(({ port }) => port) }),
    });
  }

  /** Calls when proxies have learned of changes to Istio's objects, Services or endpoints, once for many changes. */
  onChange(listener: () => void): () => void {
    return this.proxies.subscribe(listener);
  }

  close(): void {
    this.proxies.close();
  }

  private get configuration(): Configuration {
    return this.proxies.current;
  }

  private outlookOf(pod: KubeObject): Outlook {
    const { configuration, services, rules } = this;
    return { configuration, services, rules, proxy: workloadOf(pod) };
  }

  private follow(outlook: Outlook, found: FoundRoute | undefined, port: number): Route {
    if (found === undefined) return { kind: 'not found' };
    return routeOf(outlook, found.route, { namespace: found.namespace, port, turn: this.turn++ });
  }
}

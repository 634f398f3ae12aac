import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { KindKey } from '../store/resource-type.ts';
import type { Store } from '../store/store.ts';
import { type DestinationRule, destinationRuleOf } from './destination-rule.ts';
import { entryPorts, type InsertedFilter, insertedFilters } from './envoy-filter.ts';
import { type Gateway, gatewayOf } from './gateway.ts';
import { hostOf, rootNamespace } from './names.ts';
import { type PeerPolicy, peerPolicyOf } from './peer-authentication.ts';
import { type AccessLogging, accessLoggingOf, logsByDefault } from './telemetry.ts';
import { type VirtualService, virtualServiceOf } from './virtual-service.ts';
import { oldestFirst } from './workload.ts';

/** Everything that istiod has been told, read from its objects at one time. */
export interface Configuration {
  gateways: Gateway[];
  virtualServices: VirtualService[];
  destinationRules: DestinationRule[];
  peerPolicies: PeerPolicy[];
  filters: InsertedFilter[];
  /** Hosts and ports that are known besides Services. */
  entries: { host: string; port: number }[];
  accessLogging: AccessLogging[];
  logsByDefault: boolean;
  /** By full host name. */
  services: ReadonlyMap<string, KubeObject>;
}

const kinds = {
  gateway: 'Gateway.networking.istio.io',
  virtualService: 'VirtualService.networking.istio.io',
  destinationRule: 'DestinationRule.networking.istio.io',
  serviceEntry: 'ServiceEntry.networking.istio.io',
  envoyFilter: 'EnvoyFilter.networking.istio.io',
  peerAuthentication: 'PeerAuthentication.security.istio.io',
  telemetry: 'Telemetry.telemetry.istio.io',
  service: 'Service',
  configMap: 'ConfigMap',
} as const satisfies Record<string, KindKey>;

/** Changes of these are changes of the configuration. */
export const configurationKinds: ReadonlySet<KindKey> = new Set(Object.values(kinds));

/** What is read; each list has the oldest first. */
export function readConfiguration(store: Store): Configuration {
  return {
    gateways: oldestFirst(store.list(kinds.gateway).map(gatewayOf)),
    virtualServices: oldestFirst(store.list(kinds.virtualService).map(virtualServiceOf)),
    destinationRules: oldestFirst(store.list(kinds.destinationRule).map(destinationRuleOf)),
    peerPolicies: oldestFirst(store.list(kinds.peerAuthentication).map(peerPolicyOf)),
    filters: oldestFirst(store.list(kinds.envoyFilter).flatMap(insertedFilters)),
    entries: store.list(kinds.serviceEntry).flatMap(entryPorts),
    accessLogging: oldestFirst(store.list(kinds.telemetry).map(accessLoggingOf)),
    logsByDefault: logsByDefault(store.find(kinds.configMap, 'istio', rootNamespace)),
    services: new Map(store.list(kinds.service).map((service) => [hostOf(service), service])),
  };
}

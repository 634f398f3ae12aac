import { dikastesCluster } from '../../fixtures/dikastes-service.ts';
import type { Asking } from './envoy-filter.ts';

interface Filter {
  name: string;
  typed_config?: object;
}

const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}`;

/** What a proxy's config dump is made from. */
export interface Told {
  /** Whether it asks about each request that comes in. */
  requests: Asking;
  /** The same about connections that are no HTTP. */
  connections: Asking;
  /** The ports of its own that a gateway serves; absent for a sidecar. */
  gatewayPorts?: readonly number[];
  /** Where it can send to. */
  clusters: readonly { name: string; connectTimeoutMs: number }[];
}

/**
 * The sections of Envoy's config dump that istiod has a say in (envoy `api/envoy/admin/v3/config_dump.proto`): the
 * names of the clusters, and as much of the listeners as says who is asked about a request or a connection.
 */
export function configDump({ clusters, ...told }: Told): object[] {
  return [
    {
      '@type': type('ClustersConfigDump'),
      dynamic_active_clusters: clusters.map(({ name, connectTimeoutMs }) => ({
        cluster: { name, type: 'EDS', connect_timeout: `${connectTimeoutMs / 1000}s` },
      })),
    },
    {
      '@type': type('ListenersConfigDump'),
      dynamic_listeners: listeners(told),
    },
  ];
}

function listeners({ requests, connections, gatewayPorts }: Omit<Told, 'clusters'>): object[] {
  const manager: Filter = {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      http_filters: [
        ...asking('envoy.filters.http.ext_authz', requests),
        { name: 'envoy.filters.http.router' },
      ],
    },
  };
  if (gatewayPorts !== undefined) {
    return gatewayPorts.map((port) => listener(`0.0.0.0_${port}`, port, [chain(undefined, [manager])]));
  }
  const carrying = (cluster: string) => [
    ...asking('envoy.filters.network.ext_authz', connections),
    { name: 'envoy.filters.network.tcp_proxy', typed_config: { cluster } },
  ];
  // The names of the chains are those of istio `pilot/pkg/networking/core/listener_inbound.go`.
  return [
    listener('virtualOutbound', 15001, [chain(undefined, [{ name: 'envoy.filters.network.tcp_proxy' }])]),
    listener('virtualInbound', 15006, [
      chain('virtualInbound-blackhole', carrying('BlackHoleCluster')),
      chain('virtualInbound-catchall-http', [manager]),
      chain('virtualInbound', carrying('InboundPassthroughCluster')),
    ]),
  ];
}

/** The filter that asks Dikastes; without a field where Envoy's default holds, as Envoy prints it. */
function asking(name: string, asks: Asking): Filter[] {
  if (asks === 'no') return [];
  const open = asks === 'fails open' && { failure_mode_allow: true };
  return [
    { name, typed_config: { ...open, grpc_service: { envoy_grpc: { cluster_name: dikastesCluster } } } },
  ];
}

function chain(name: string | undefined, filters: readonly Filter[]): object {
  return { filters, ...(name !== undefined && { name }) };
}

function listener(name: string, port: number, filter_chains: readonly object[]): object {
  const address = { socket_address: { address: '0.0.0.0', port_value: port } };
  const active_state = { listener: { name, address, filter_chains } };
  return { name, active_state };
}

interface Filter {
  name: string;
  typed_config?: object;
}

const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}`;

/** What a proxy's config dump is made from. */
export interface Told {
  asksDikastes: boolean;
  /** The ports of its own that a gateway serves; absent for a sidecar. */
  gatewayPorts?: readonly number[];
  /** Where it can send to. */
  clusters: readonly { name: string; connectTimeoutMs: number }[];
}

/**
 * The sections of Envoy's config dump that istiod has a say in (envoy `api/envoy/admin/v3/config_dump.proto`): the
 * names of the clusters, and as much of the listeners as says who is asked about a request.
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

function listeners({ asksDikastes, gatewayPorts }: Omit<Told, 'clusters'>): object[] {
  const manager = connectionManager([
    ...(asksDikastes ? ['envoy.filters.http.ext_authz'] : []),
    'envoy.filters.http.router',
  ]);
  if (gatewayPorts !== undefined) {
    return gatewayPorts.map((port) => listener(`0.0.0.0_${port}`, port, [manager]));
  }
  return [
    listener('virtualOutbound', 15001, [{ name: 'envoy.filters.network.tcp_proxy' }]),
    listener('virtualInbound', 15006, [manager]),
  ];
}

function connectionManager(httpFilters: readonly string[]): Filter {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: { http_filters: httpFilters.map((name) => ({ name })) },
  };
}

function listener(name: string, port: number, filters: readonly Filter[]): object {
  const address = { socket_address: { address: '0.0.0.0', port_value: port } };
  const active_state = { listener: { name, address, filter_chains: [{ filters }] } };
  return { name, active_state };
}

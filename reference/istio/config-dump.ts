interface Filter {
  name: string;
  typed_config?: object;
}

const listenerType = 'type.googleapis.com/envoy.admin.v3.ListenersConfigDump.DynamicListener';

/** Envoy's config dump of a sidecar, with as much of its listeners as says who is asked about a request. */
export function configDump({ asksDikastes }: { asksDikastes: boolean }): object {
  const inbound = [...(asksDikastes ? ['envoy.filters.http.ext_authz'] : []), 'envoy.filters.http.router'];
  return {
    configs: [
      listener('virtualOutbound', 15001, [{ name: 'envoy.filters.network.tcp_proxy' }]),
      listener('virtualInbound', 15006, [connectionManager(inbound)]),
    ],
  };
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
  return { '@type': listenerType, name, active_state };
}

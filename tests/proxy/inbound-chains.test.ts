import { expect, test } from '@playwright/test';
import { inboundChains } from '../../fixtures/proxy/inbound-chains.ts';

interface Filter {
  name: string;
  typed_config?: object;
  disabled?: boolean;
}

const toDikastes = {
  grpc_service: { envoy_grpc: { cluster_name: 'outbound|1||dikastes.calico.cluster.local' } },
};
const router: Filter = { name: 'envoy.filters.http.router' };
const tcpProxy: Filter = { name: 'envoy.filters.network.tcp_proxy' };
const asksAboutRequests: Filter = { name: 'envoy.filters.http.ext_authz', typed_config: toDikastes };
const asksAboutConnections: Filter = { name: 'envoy.filters.network.ext_authz', typed_config: toDikastes };

/** A dump with one chain, by what Istio 1.28.10's sidecars have in theirs. */
function dump(filters: readonly Filter[], place: 'filter_chains' | 'default_filter_chain' = 'filter_chains') {
  const chain = { name: 'some', filters };
  const listener = { [place]: place === 'filter_chains' ? [chain] : chain };
  const outbound = {
    name: 'virtualOutbound',
    active_state: { listener: { filter_chains: [{ filters: [tcpProxy] }] } },
  };
  return JSON.stringify({ configs: [outbound, { name: 'virtualInbound', active_state: { listener } }] });
}

const http = (http_filters: readonly Filter[]): Filter[] => [
  { name: 'envoy.filters.network.http_connection_manager', typed_config: { http_filters } },
];

const open = { ...toDikastes, failure_mode_allow: true };
const elsewhere = { grpc_service: { envoy_grpc: { cluster_name: 'outbound|9000||authorizer.example.org' } } };

const cases: [what: string, filters: Filter[], carries: string, faults: string[]][] = [
  ['HTTP that asks', http([asksAboutRequests, router]), 'requests', []],
  ['HTTP that asks nobody', http([router]), 'requests', ['asks nobody']],
  [
    'HTTP that asks too late',
    http([router, asksAboutRequests]),
    'requests',
    ['asks Dikastes only after envoy.filters.http.router'],
  ],
  [
    'HTTP that asks somebody else',
    http([{ ...asksAboutRequests, typed_config: elsewhere }, router]),
    'requests',
    ['asks outbound|9000||authorizer.example.org, and not outbound|1||dikastes.calico.cluster.local'],
  ],
  [
    'HTTP that asks somebody else as well',
    http([{ ...asksAboutRequests, typed_config: elsewhere }, asksAboutRequests, router]),
    'requests',
    [],
  ],
  [
    'HTTP that fails open',
    http([{ ...asksAboutRequests, typed_config: open }, router]),
    'requests',
    ['lets through whatever Dikastes does not answer (failure_mode_allow)'],
  ],
  [
    'HTTP whose filter is disabled',
    http([{ ...asksAboutRequests, disabled: true }, router]),
    'requests',
    ['has the filter that asks Dikastes, and has it disabled'],
  ],
  ['TCP that asks', [asksAboutConnections, tcpProxy], 'connections', []],
  ['TCP that asks nobody', [tcpProxy], 'connections', ['asks nobody']],
  ['TCP that asks as only HTTP can', [asksAboutRequests, tcpProxy], 'connections', ['asks nobody']],
];

for (const [what, filters, carries, faults] of cases) {
  test(`a chain for ${what}`, () => {
    expect(inboundChains(dump(filters))).toEqual([{ name: 'some', carries, faults }]);
    expect(inboundChains(dump(filters, 'default_filter_chain'))).toHaveLength(1);
  });
}

test('a proxy without an inbound listener has no chains', () => {
  expect(inboundChains(JSON.stringify({ configs: [] }))).toEqual([]);
});

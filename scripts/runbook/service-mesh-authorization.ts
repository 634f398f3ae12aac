import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { dikastesCluster, dikastesHost } from '../../fixtures/dikastes-service.ts';
import { GET } from '../../fixtures/probes/request.ts';
import { istioNamespace } from './installing-istio.ts';
import type { Step } from './step.ts';

const apiVersion = 'networking.istio.io/v1alpha3';
const grpcService = { envoy_grpc: { cluster_name: dikastesCluster } };

/** How Envoy finds Dikastes: a service whose one endpoint is the socket that both containers share. */
const serviceEntry: KubeObject = {
  apiVersion,
  kind: 'ServiceEntry',
  metadata: { name: 'dikastes', namespace: istioNamespace },
  spec: {
    hosts: [dikastesHost],
    ports: [{ name: 'grpc', protocol: 'grpc', number: 1 }],
    resolution: 'STATIC',
    location: 'MESH_EXTERNAL',
    endpoints: [{ address: 'unix:///var/run/dikastes/dikastes.sock' }],
    // The default, unless the mesh has another one: every sidecar must see it, whatever its namespace.
    exportTo: ['*'],
  },
};

const destinationRule: KubeObject = {
  apiVersion,
  kind: 'DestinationRule',
  metadata: { name: 'dikastes-mtls', namespace: istioNamespace },
  spec: { host: dikastesHost, trafficPolicy: { tls: { mode: 'DISABLE' } }, exportTo: ['*'] },
};

/** Makes every sidecar of the mesh ask Dikastes, for connections and for requests; it fails closed. */
const envoyFilter: KubeObject = {
  apiVersion,
  kind: 'EnvoyFilter',
  metadata: { name: 'ext-authz', namespace: istioNamespace },
  spec: {
    configPatches: [
      {
        applyTo: 'NETWORK_FILTER',
        match: {
          context: 'SIDECAR_INBOUND',
          listener: { filterChain: { filter: { name: 'envoy.filters.network.tcp_proxy' } } },
        },
        patch: {
          operation: 'INSERT_BEFORE',
          value: {
            name: 'envoy.filters.network.ext_authz',
            typed_config: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.network.ext_authz.v3.ExtAuthz',
              transport_api_version: 'V3',
              stat_prefix: 'dikastes',
              grpc_service: grpcService,
            },
          },
        },
      },
      {
        applyTo: 'HTTP_FILTER',
        match: {
          context: 'SIDECAR_INBOUND',
          listener: {
            filterChain: {
              filter: {
                name: 'envoy.filters.network.http_connection_manager',
                subFilter: { name: 'envoy.filters.http.router' },
              },
            },
          },
        },
        patch: {
          operation: 'INSERT_BEFORE',
          value: {
            name: 'envoy.filters.http.ext_authz',
            typed_config: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz',
              transport_api_version: 'V3',
              grpc_service: grpcService,
            },
          },
        },
      },
    ],
  },
};

const objects = [serviceEntry, destinationRule, envoyFilter];

export const serviceMeshAuthorization: Step = {
  title: 'Calico service mesh authorization',
  changes:
    'makes every sidecar of the mesh ask Dikastes (ServiceEntry, DestinationRule and EnvoyFilter in istio-system)',
  present: async ({ cluster }) => {
    const found = await Promise.all(
      objects.map(({ apiVersion, kind, metadata }) =>
        cluster.find({ apiVersion, kind, namespace: istioNamespace, name: metadata.name }),
      ),
    );
    return found.every((object) => object !== undefined);
  },
  apply: async ({ guest }) => {
    await guest.createMissing(objects);
  },
  // A sidecar without Dikastes has no one to ask, so its answers show when the filter is in force.
  verify: async (walk) => {
    const witness = await walk.witness();
    await walk.awaitVerdicts(await witness.route('client', 'echo'), [[GET('/'), 'filter error']]);
  },
};

import type { KubeObject } from '../../../fixtures/cluster/objects.ts';

/** What the gateway leads to beside the shop itself, by the label that its pods have. */
const destinations = [
  { name: 'frontend', namespace: 'default', label: 'app' },
  { name: 'clone', namespace: 'srv', label: 'serves' },
] as const;

export function warmHost(name: string): string {
  return `${name}.warm.test`;
}

export function coldHost(name: string): string {
  return `${name}.cold.test`;
}

/** Routes from the gateway by hosts of their own: to a Service as usual, and to one for which every request needs a connection. */
export const gatewayHosts: readonly KubeObject[] = destinations.flatMap(({ name, namespace, label }) =>
  [
    { host: warmHost(name), service: `${name}-warm`, trafficPolicy: undefined },
    {
      host: coldHost(name),
      service: `${name}-cold`,
      trafficPolicy: { connectionPool: { http: { maxRequestsPerConnection: 1 } } },
    },
  ].flatMap(({ host, service, trafficPolicy }) => {
    const metadata = { name: service, namespace };
    const destination = { host: `${service}.${namespace}.svc.cluster.local`, port: { number: 80 } };
    return [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { selector: { [label]: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
      },
      {
        apiVersion: 'networking.istio.io/v1alpha3',
        kind: 'DestinationRule',
        metadata,
        spec: { host: destination.host, ...(trafficPolicy && { trafficPolicy }) },
      },
      {
        apiVersion: 'networking.istio.io/v1alpha3',
        kind: 'VirtualService',
        metadata: { name: service, namespace: 'default' },
        spec: { hosts: [host], gateways: ['frontend-gateway'], http: [{ route: [{ destination }] }] },
      },
    ];
  }),
);

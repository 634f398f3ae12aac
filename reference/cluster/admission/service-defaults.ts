import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../../store/operations.ts';
import { invalid } from '../../store/status-error.ts';
import type { Store } from '../../store/store.ts';
import { type Allocator, clusterAddresses, nodePorts } from '../allocator.ts';
import { type ServicePort, type ServiceSpec, serviceSpec } from '../service.ts';

/** Fills in services, and gives them addresses and node ports, so that the answer to a creation has them already. */
export function serviceDefaults(store: Store): AdmissionPlugin {
  const addresses = clusterAddresses();
  const ports = nodePorts();
  return {
    mutate: (request) => {
      const { object, old, type, operation } = request;
      if (type.group !== '' || type.kind !== 'Service' || operation === 'DELETE') return object;
      const others = othersThan(store, object);
      const spec = keeping(serviceSpec(object), old === undefined ? undefined : serviceSpec(old));
      const taken = new Set(others.flatMap(({ clusterIP }) => clusterIP ?? []));
      const portsTaken = new Set(others.flatMap(portNumbers));
      refuseTaken(request, spec, taken, portsTaken);
      return { ...object, spec: allocated(withServiceDefaults(spec), addresses, taken, ports, portsTaken) };
    },
  };
}

/** A spec with what the API fills in without allocating anything (Kubernetes `pkg/apis/core/v1/defaults.go`). */
export function withServiceDefaults(spec: ServiceSpec): ServiceSpec {
  const { type = 'ClusterIP', ports = [] } = spec;
  if (type === 'ExternalName') return { ...spec, type };
  return {
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    ...(hasNodePorts(type) && { externalTrafficPolicy: 'Cluster' }),
    ...(type === 'LoadBalancer' && { allocateLoadBalancerNodePorts: true }),
    ...spec,
    type,
    ports: ports.map((port) => ({ protocol: 'TCP', targetPort: port.port, ...port })),
  };
}

function hasNodePorts(type: string | undefined): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}

function allocated(
  spec: ServiceSpec,
  addresses: Allocator<string>,
  taken: ReadonlySet<string>,
  nodePorts: Allocator<number>,
  portsTaken: Set<number>,
): ServiceSpec {
  if (spec.type === 'ExternalName') return spec;
  const clusterIP = spec.clusterIP || addresses.next(taken);
  const ports = (spec.ports ?? []).map(({ nodePort, ...port }): ServicePort => {
    if (!hasNodePorts(spec.type)) return port;
    const number = nodePort || nodePorts.next(portsTaken);
    portsTaken.add(number);
    return { ...port, nodePort: number };
  });
  return { ...spec, clusterIP, clusterIPs: [clusterIP], ports };
}

/** A service that is replaced by one that does not say keeps its address and its node ports. */
function keeping(spec: ServiceSpec, old: ServiceSpec | undefined): ServiceSpec {
  if (old === undefined) return spec;
  const ports = (spec.ports ?? []).map((port) => {
    const nodePort = old.ports?.find((former) => former.port === port.port)?.nodePort;
    return nodePort === undefined ? port : { nodePort, ...port };
  });
  const clusterIP = spec.clusterIP || old.clusterIP;
  return { ...spec, ports, ...(clusterIP !== undefined && { clusterIP }) };
}

function refuseTaken(
  { type, object }: AdmissionRequest,
  { clusterIP = '', ports = [] }: ServiceSpec,
  addresses: ReadonlySet<string>,
  numbers: ReadonlySet<number>,
): void {
  const { name } = object.metadata;
  const reason = 'FieldValueInvalid';
  if (clusterIP !== 'None' && addresses.has(clusterIP)) {
    const message = `Invalid value: ["${clusterIP}"]: failed to allocate IP ${clusterIP}: provided IP is already allocated`;
    throw invalid(type, name, [{ reason, message, field: 'spec.clusterIPs' }]);
  }
  const index = ports.findIndex(({ nodePort }) => nodePort !== undefined && numbers.has(nodePort));
  if (index >= 0) {
    const message = `Invalid value: ${ports[index]?.nodePort}: provided port is already allocated`;
    throw invalid(type, name, [{ reason, message, field: `spec.ports[${index}].nodePort` }]);
  }
}

function othersThan(store: Store, { metadata: { name, namespace } }: KubeObject): ServiceSpec[] {
  return store
    .list('Service')
    .filter(({ metadata }) => metadata.name !== name || metadata.namespace !== namespace)
    .map(serviceSpec);
}

function portNumbers({ ports = [] }: ServiceSpec): number[] {
  return ports.flatMap(({ nodePort }) => nodePort ?? []);
}

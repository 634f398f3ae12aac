import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { podSpec } from '../pod.ts';
import { hashOf } from '../rollout/template-hash.ts';
import type { ServiceEndpoint } from '../service.ts';
import { controlledBy } from './owners.ts';

/** Pods whose ports behind a service are the same. */
interface Group {
  ports: { name?: string; port: number; protocol: string }[];
  pods: ServiceEndpoint[];
}

/** What an `Endpoints` object says of a service. */
export function endpointsObject(service: KubeObject, endpoints: readonly ServiceEndpoint[]): KubeObject {
  const { name, namespace, labels } = service.metadata;
  const subsets = groupsOf(endpoints).map(({ ports, pods }) => {
    const addresses = pods.filter(({ ready }) => ready).map(addressOf);
    const notReadyAddresses = pods.filter(({ ready }) => !ready).map(addressOf);
    return {
      ...(addresses.length > 0 && { addresses }),
      ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
      ports,
    };
  });
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      labels: { ...labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
    },
    ...(subsets.length > 0 && { subsets }),
  };
}

/** The slices of a service: one for each set of ports that its pods have, and one at least. */
export function endpointSlices(service: KubeObject, endpoints: readonly ServiceEndpoint[]): KubeObject[] {
  const { name, namespace, labels } = service.metadata;
  const groups = groupsOf(endpoints);
  return (groups.length === 0 ? [{ ports: [], pods: [] }] : groups).map(({ ports, pods }, index) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${hashOf([name, index]).slice(0, 5)}`,
      ...(namespace !== undefined && { namespace }),
      labels: {
        ...labels,
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [controlledBy(service)],
    },
    addressType: 'IPv4',
    endpoints: pods.map(({ address, ready, pod }) => ({
      addresses: [address],
      conditions: { ready, serving: ready, terminating: false },
      nodeName: podSpec(pod).nodeName,
      targetRef: targetRef(pod),
    })),
    ports,
  }));
}

function groupsOf(endpoints: readonly ServiceEndpoint[]): Group[] {
  const byPod = Map.groupBy(endpoints, ({ pod }) => pod);
  const groups = new Map<string, Group>();
  for (const [first, ...rest] of byPod.values()) {
    if (first === undefined) continue;
    const ports = [first, ...rest].map(({ port, portName }) => ({
      ...(portName !== undefined && { name: portName }),
      port,
      protocol: 'TCP',
    }));
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, pods: [] };
    group.pods.push(first);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function addressOf({ address, pod }: ServiceEndpoint): object {
  return { ip: address, nodeName: podSpec(pod).nodeName, targetRef: targetRef(pod) };
}

function targetRef({ metadata: { name, namespace, uid } }: KubeObject): object {
  return { kind: 'Pod', name, namespace, uid };
}

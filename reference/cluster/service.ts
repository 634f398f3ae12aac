import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { ContainerSpec } from '../workloads/program.ts';
import { isActive, isNativeSidecar, isReady, podAddress, podSpec } from './pod.ts';

export interface ServicePort {
  name?: string;
  port: number;
  /** A number, or the name of a container's port. */
  targetPort?: number | string;
  nodePort?: number;
  protocol?: string;
  appProtocol?: string;
}

export interface ServiceSpec {
  type?: string;
  /** `None` for a headless service. */
  clusterIP?: string;
  clusterIPs?: string[];
  selector?: Record<string, string>;
  ports?: ServicePort[];
  publishNotReadyAddresses?: boolean;
  [field: string]: unknown;
}

/** One port of one pod behind a service. */
export interface ServiceEndpoint {
  /** The pod's. */
  address: string;
  /** The container's. */
  port: number;
  portName?: string;
  servicePort: number;
  ready: boolean;
  pod: KubeObject;
}

export function serviceSpec(service: KubeObject): ServiceSpec {
  return service.spec as ServiceSpec;
}

/** Whether a service has a pod behind it; one without selector has none. */
export function selects(service: KubeObject, pod: KubeObject): boolean {
  const { selector = {} } = serviceSpec(service);
  const wanted = Object.entries(selector);
  const labels = pod.metadata.labels ?? {};
  return (
    wanted.length > 0 &&
    service.metadata.namespace === pod.metadata.namespace &&
    wanted.every(([key, value]) => labels[key] === value)
  );
}

/** The endpoints of a service, port by port: every pod that has an address and is not on its way out. */
export function endpointsAmong(service: KubeObject, pods: readonly KubeObject[]): ServiceEndpoint[] {
  const { ports = [], publishNotReadyAddresses = false } = serviceSpec(service);
  const behind = pods.filter((pod) => isActive(pod) && selects(service, pod));
  return ports.flatMap((servicePort) =>
    behind.flatMap((pod) => {
      const address = podAddress(pod);
      const port = targetPort(servicePort, pod);
      if (address === undefined || port === undefined) return [];
      const { name, port: number } = servicePort;
      const ready = publishNotReadyAddresses || isReady(pod);
      return {
        address,
        port,
        ...(name !== undefined && { portName: name }),
        servicePort: number,
        ready,
        pod,
      };
    }),
  );
}

/** The container's port that a service's port leads to; undefined when the pod has none of that name. */
function targetPort({ port, targetPort = port }: ServicePort, pod: KubeObject): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  const { containers, initContainers = [] } = podSpec(pod);
  const ports = [...containers, ...initContainers.filter(isNativeSidecar)].flatMap(portsOf);
  return ports.find(({ name }) => name === targetPort)?.containerPort;
}

function portsOf({ ports = [] }: ContainerSpec): NonNullable<ContainerSpec['ports']> {
  return ports;
}

import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { podSpec } from '../cluster/pod.ts';
import { type ServicePort, selects, serviceSpec } from '../cluster/service.ts';
import type { IstioRules } from '../rules/istio.ts';
import type { Configuration } from './configuration.ts';
import { oldestFirst, scopeOf } from './workload.ts';

/** What Istio takes a port to speak; `http` is HTTP/1.1 first of all, `auto`: it looks at the first bytes. */
export type PortProtocol = 'http' | 'http2' | 'tcp' | 'auto';

export function portsOf(service: KubeObject): ServicePort[] {
  return serviceSpec(service).ports ?? [];
}

/** What Istio takes a port of a Service to speak; undefined: it has no such port. */
export function protocolAt(
  service: KubeObject | undefined,
  port: number,
  rules: IstioRules,
): PortProtocol | undefined {
  const found = service && portsOf(service).find((one) => one.port === port);
  return found && rules.protocolOfPort(found);
}

/** The container's port that a Service's port leads to in a pod; undefined when the pod names no such port. */
export function targetIn(pod: KubeObject, { port, targetPort = port }: ServicePort): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  const { initContainers = [], containers } = podSpec(pod);
  return [...initContainers, ...containers]
    .flatMap(({ ports = [] }) => ports)
    .find(({ name }) => name === targetPort)?.containerPort;
}

/** The ports of Services that lead to a container's port, oldest Service first: that one says what it is. */
export function inboundServices(
  { services }: Pick<Configuration, 'services'>,
  pod: KubeObject,
  port: number,
): { service: KubeObject; servicePort: ServicePort }[] {
  const before = [...services.values()].filter((service) => selects(service, pod));
  return oldestFirst(before.map((service) => ({ ...scopeOf(service, undefined), service }))).flatMap(
    ({ service }) =>
      portsOf(service)
        .filter((servicePort) => targetIn(pod, servicePort) === port)
        .map((servicePort) => ({ service, servicePort })),
  );
}

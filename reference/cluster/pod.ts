import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { ContainerSpec } from '../workloads/program.ts';

/** What of a pod's spec the cluster acts on. */
export interface PodSpec {
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  hostNetwork?: boolean;
  restartPolicy?: string;
  serviceAccountName?: string;
  initContainers?: ContainerSpec[];
  containers: ContainerSpec[];
  [field: string]: unknown;
}

/** What of a pod's status others than the kubelet read. */
interface PodStatus {
  phase?: string;
  podIP?: string;
  conditions?: { type: string; status: string }[];
}

export function podSpec(pod: KubeObject): PodSpec {
  return pod.spec as PodSpec;
}

function podStatus(pod: KubeObject): PodStatus {
  return (pod.status ?? {}) as PodStatus;
}

export function podAddress(pod: KubeObject): string | undefined {
  return podStatus(pod).podIP;
}

/** Neither ended nor on its way out: such pods count as replicas. */
export function isActive(pod: KubeObject): boolean {
  const { phase } = podStatus(pod);
  return !isDeleted(pod) && phase !== 'Succeeded' && phase !== 'Failed';
}

export function isReady(pod: KubeObject): boolean {
  return (
    podStatus(pod).conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  );
}

/** Its deletion was asked for. */
export function isDeleted(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** A native sidecar: an init container that is always restarted. */
export function isNativeSidecar(initContainer: ContainerSpec): boolean {
  return initContainer.restartPolicy === 'Always';
}

import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { AdmissionPlugin } from '../../store/operations.ts';
import type { ContainerSpec } from '../../workloads/program.ts';
import { type PodSpec, podSpec } from '../pod.ts';

/** A spec with what the API fills in for pods and templates (Kubernetes `pkg/apis/core/v1/defaults.go`). */
export function withPodSpecDefaults({ initContainers, containers, ...spec }: PodSpec): PodSpec {
  return {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: 30,
    securityContext: {},
    ...spec,
    ...(initContainers && { initContainers: initContainers.map(withContainerDefaults) }),
    // A spec without containers is refused elsewhere.
    containers: containers?.map(withContainerDefaults),
  };
}

function withContainerDefaults(container: ContainerSpec): ContainerSpec {
  const { ports } = container;
  return {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicyOf(container.image),
    resources: {},
    ...container,
    ...(ports && { ports: ports.map((port) => ({ protocol: 'TCP', ...port })) }),
  };
}

/** A tag that may stand for something else tomorrow is pulled every time. */
function pullPolicyOf(image = ''): string {
  const name = image.slice(image.lastIndexOf('/') + 1);
  const floating = !name.includes('@') && (!name.includes(':') || name.endsWith(':latest'));
  return floating ? 'Always' : 'IfNotPresent';
}

/** A pod with the defaults of its spec, and a service account. */
export function withPodDefaults(pod: KubeObject): KubeObject {
  const spec = podSpec(pod);
  const { serviceAccountName = 'default' } = spec;
  return {
    ...pod,
    spec: withPodSpecDefaults({
      enableServiceLinks: true,
      ...spec,
      serviceAccountName,
      serviceAccount: serviceAccountName,
    }),
    status: pod.status ?? { phase: 'Pending' },
  };
}

/** Fills in pods; to be run again after whoever adds containers. */
export const podDefaults: AdmissionPlugin = {
  mutate: ({ object, type, operation }) =>
    type.group === '' && type.kind === 'Pod' && operation !== 'DELETE' ? withPodDefaults(object) : object,
};

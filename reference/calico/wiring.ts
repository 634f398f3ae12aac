import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { ContainerSpec } from '../workloads/program.ts';

interface Volume {
  name: string;
  csi?: { driver?: string };
}

interface PodSpec {
  containers?: ContainerSpec[];
  initContainers?: ContainerSpec[];
  volumes?: Volume[];
}

const listenPath = '/var/run/dikastes/dikastes.sock';
const syncDriver = 'csi.tigera.io';

/** Whether a container runs Dikastes: from its own image, or as a component of `calico/calico`. */
export function isDikastes({ name, image, command = [], args = [] }: ContainerSpec): boolean {
  if (name !== 'dikastes') return false;
  if (/(^|\/)dikastes([:@]|$)/.test(image)) return true;
  return /(^|\/)calico([:@]|$)/.test(image) && [...command, ...args].includes('dikastes');
}

/** Whether the socket of Felix is mounted where Dikastes looks for it, by the driver that brings it. */
export function reachesFelix(container: ContainerSpec, pod: KubeObject): boolean {
  const volume = volumeAt(container, pod, argument(container, '-d') ?? '');
  return volume?.csi?.driver === syncDriver;
}

/** Whether Dikastes listens in a directory that the proxy has too, at the path it asks at. */
export function reachedByProxy(container: ContainerSpec, pod: KubeObject): boolean {
  const { containers = [], initContainers = [] } = (pod.spec ?? {}) as PodSpec;
  const proxy = [...initContainers, ...containers].find(({ name }) => name === 'istio-proxy');
  const shared = volumeAt(container, pod, argument(container, '-l') ?? '');
  return (
    proxy !== undefined &&
    shared !== undefined &&
    argument(container, '-l') === listenPath &&
    volumeAt(proxy, pod, listenPath)?.name === shared.name
  );
}

function argument({ command = [], args = [] }: ContainerSpec, flag: string): string | undefined {
  const words = [...command, ...args];
  const at = words.indexOf(flag);
  return at < 0 ? undefined : words[at + 1];
}

function volumeAt({ volumeMounts = [] }: ContainerSpec, pod: KubeObject, path: string): Volume | undefined {
  const mount = volumeMounts.find(({ mountPath }) => path.startsWith(`${mountPath.replace(/\/$/, '')}/`));
  return ((pod.spec ?? {}) as PodSpec).volumes?.find(({ name }) => name === mount?.name);
}

import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { conditionOf } from '../../../fixtures/cluster/state.ts';
import { humanDuration } from './human-duration.ts';

interface Ended {
  exitCode?: number;
  signal?: number;
  reason?: string;
  finishedAt?: string;
}

interface ContainerStatus {
  name: string;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  state?: { waiting?: { reason?: string }; running?: object; terminated?: Ended };
  lastState?: { terminated?: Ended };
}

interface Pod extends KubeObject {
  spec: { initContainers?: { name: string; restartPolicy?: string }[]; containers?: { name: string }[] };
  status?: {
    phase?: string;
    reason?: string;
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

/** What kubectl shows of a pod's containers. */
export interface PodState {
  /** `2/3`: ready containers of those that live as long as the pod, native sidecars among them. */
  ready: string;
  /** One word for all: the phase, or what keeps it from running. */
  status: string;
  /** `1 (5m ago)`. */
  restarts: string;
}

/** Sums a pod up as the API server's table does (kubernetes `pkg/printers/internalversion/printers.go`). */
export function podState(object: KubeObject, now: number): PodState {
  const pod = object as Pod;
  const natives = new Set((pod.spec.initContainers ?? []).filter(isNative).map(({ name }) => name));
  const { initContainerStatuses: inits = [], containerStatuses: mains = [] } = pod.status ?? {};
  const sidecars = inits.filter(({ name }) => natives.has(name));
  const initialised = initTrouble(pod, natives) === undefined || holds(pod, 'Initialized');
  const readySidecars = sidecars.filter(({ started, ready }) => started && ready).length;
  const readyMains = initialised ? mains.filter(({ ready, state }) => ready && state?.running).length : 0;
  const total = natives.size + (pod.spec.containers ?? []).length;
  return {
    ready: `${readySidecars + readyMains}/${total}`,
    status: statusOf(pod, natives, initialised),
    restarts: restartsOf(initialised ? [...sidecars, ...mains] : inits, now),
  };
}

function statusOf(pod: Pod, natives: ReadonlySet<string>, initialised: boolean): string {
  const { phase = 'Unknown', reason } = pod.status ?? {};
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (reason === 'NodeLost') return 'Unknown';
    if (phase !== 'Succeeded' && phase !== 'Failed') return 'Terminating';
  }
  const basis = reason || phase;
  if (!initialised) return initTrouble(pod, natives) ?? basis;
  const mains = pod.status?.containerStatuses ?? [];
  const trouble = mains.map(troubleOf).find((said) => said !== undefined);
  const running = mains.some(({ ready, state }) => ready && state?.running);
  // One container that is done does not mean that the pod is.
  if (trouble === 'Completed' && running) return holds(pod, 'Ready') ? 'Running' : 'NotReady';
  return trouble ?? basis;
}

/** What the first init container that is not done yet waits for; undefined when all are done. */
function initTrouble(pod: Pod, natives: ReadonlySet<string>): string | undefined {
  const inits = pod.status?.initContainerStatuses ?? [];
  const index = inits.findIndex(({ name, started, state }) => {
    if (state?.terminated?.exitCode === 0) return false;
    return !(natives.has(name) && started);
  });
  const first = inits[index];
  if (first === undefined) return undefined;
  const { waiting, terminated } = first.state ?? {};
  if (terminated !== undefined) return `Init:${terminated.reason || exitOf(terminated)}`;
  if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`;
  return `Init:${index}/${(pod.spec.initContainers ?? []).length}`;
}

function troubleOf({ state }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason;
  const terminated = state?.terminated;
  return terminated === undefined ? undefined : terminated.reason || exitOf(terminated);
}

function exitOf({ exitCode = 0, signal = 0 }: Ended): string {
  return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
}

function restartsOf(statuses: readonly ContainerStatus[], now: number): string {
  const total = statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const ends = statuses.flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? []);
  if (total === 0 || ends.length === 0) return String(total);
  const last = Math.max(...ends.map((end) => Date.parse(end)));
  return `${total} (${humanDuration(now - last)} ago)`;
}

function isNative({ restartPolicy }: { restartPolicy?: string }): boolean {
  return restartPolicy === 'Always';
}

function holds(pod: Pod, condition: string): boolean {
  return conditionOf(pod, condition)?.status === 'True';
}

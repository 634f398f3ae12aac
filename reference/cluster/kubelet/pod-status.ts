import { createHash } from 'node:crypto';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { type Condition, conditionsOf, withCondition } from '../conditions.ts';
import { isNativeSidecar } from '../pod.ts';
import type { Container } from './container.ts';

/** What the kubelet knows of a pod beside its containers. */
export interface PodFacts {
  address: string;
  hostAddress: string;
  startTime: string;
  init: readonly Container[];
  containers: readonly Container[];
}

/** A pod's status, as the kubelet reports it. */
export function podStatus(pod: KubeObject, facts: PodFacts): Record<string, unknown> {
  const { address, hostAddress, startTime, init, containers } = facts;
  const initialized = init.every(isInitialized);
  const sidecars = init.filter(({ spec }) => isNativeSidecar(spec));
  const unready = [...sidecars, ...containers].filter(({ isReady }) => !isReady);
  const over = containers.every(({ isOver }) => isOver);
  const readiness = over
    ? completed
    : unready.length === 0
      ? ready
      : notReady(unready.map(({ spec }) => spec.name));
  const conditions: Condition[] = [
    { type: 'PodScheduled', status: 'True' },
    initialized
      ? { type: 'Initialized', status: 'True' }
      : notInitialized(init.filter((one) => !isInitialized(one)).map(({ spec }) => spec.name)),
    { type: 'ContainersReady', ...readiness },
    { type: 'Ready', ...readiness },
  ];
  return {
    phase: over ? phaseAfter(containers) : initialized && hasRun(containers) ? 'Running' : 'Pending',
    conditions: conditions.reduce(withCondition, conditionsOf(pod)),
    hostIP: hostAddress,
    hostIPs: [{ ip: hostAddress }],
    podIP: address,
    podIPs: [{ ip: address }],
    startTime,
    ...(init.length > 0 && { initContainerStatuses: init.map(initStatus) }),
    containerStatuses: containers.map(containerStatus),
    qosClass: qosClass([...init, ...containers]),
  };
}

const crashed = 'CrashLoopBackOff';
const ready = { status: 'True' } as const;
const completed = { status: 'False', reason: 'PodCompleted' } as const;

function hasRun(containers: readonly Container[]): boolean {
  return containers.some(({ state }) => !('waiting' in state) || state.waiting.reason === crashed);
}

/** What becomes of a pod whose containers are all done (core/v1 PodStatus.phase). */
function phaseAfter(containers: readonly Container[]): 'Succeeded' | 'Failed' {
  const well = ({ state }: Container) => 'terminated' in state && state.terminated.exitCode === 0;
  return containers.every(well) ? 'Succeeded' : 'Failed';
}

function notReady(names: readonly string[]) {
  const message = `containers with unready status: [${names.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotReady', message } as const;
}

function notInitialized(names: readonly string[]): Condition {
  const message = `containers with incomplete status: [${names.join(' ')}]`;
  return { type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized', message };
}

/** The containers after it may start: it has ended well, or, as a native sidecar, has been started. */
function isInitialized({ spec, state, isStarted, restartCount }: Container): boolean {
  if (isNativeSidecar(spec) && (isStarted || restartCount > 0)) return true;
  return 'terminated' in state && state.terminated.exitCode === 0;
}

/** An init container that is done counts as ready. */
function initStatus(container: Container): Record<string, unknown> {
  const { state, isReady } = container;
  const done = 'terminated' in state && state.terminated.exitCode === 0;
  return { ...containerStatus(container), ready: isReady || done };
}

function containerStatus(container: Container): Record<string, unknown> {
  const { spec, state, lastState, restartCount, id, isReady, isStarted } = container;
  return {
    name: spec.name,
    state,
    lastState: lastState ?? {},
    ready: isReady,
    restartCount,
    image: spec.image,
    imageID: id === '' ? '' : imageId(spec.image),
    ...(id !== '' && { containerID: id }),
    started: isStarted,
  };
}

/** There are no images here, so that of an image is the digest of its name. */
function imageId(image: string): string {
  return `reference@sha256:${createHash('sha256').update(image).digest('hex')}`;
}

type Amounts = Record<string, string>;

/** Kubernetes `pkg/apis/core/v1/helper/qos/qos.go`, for processors and memory. */
function qosClass(containers: readonly Container[]): string {
  const asked = containers.map(
    ({ spec }) => (spec.resources ?? {}) as { requests?: Amounts; limits?: Amounts },
  );
  const amounts = asked.flatMap(({ requests = {}, limits = {} }) => [requests, limits]);
  if (amounts.every((amount) => Object.keys(amount).length === 0)) return 'BestEffort';
  const guaranteed = asked.every(({ requests, limits }) =>
    ['cpu', 'memory'].every((name) => {
      const limit = limits?.[name];
      return limit !== undefined && (requests?.[name] ?? limit) === limit;
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

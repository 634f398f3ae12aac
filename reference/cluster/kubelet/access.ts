import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { badRequest, notFound, StatusError } from '../../store/status-error.ts';
import type { Store } from '../../store/store.ts';
import { podSpec } from '../pod.ts';
import type { LogQuery, PodAccess } from '../pod-access.ts';
import type { Container } from './container.ts';
import type { ContainerLog } from './container-log.ts';
import type { Kubelet } from './kubelet.ts';

const defaultContainer = 'kubectl.kubernetes.io/default-container';

/** The kubelet's side of logs and exec. */
export function podAccess(store: Store, kubelet: Kubelet): PodAccess {
  /** A container that the pod has; undefined while the pod has no node. */
  const find = (namespace: string, name: string, wanted: string | undefined) => {
    const pod = store.find('Pod', name, namespace);
    if (pod === undefined) throw notFound({ group: '', plural: 'pods' }, name);
    const container = chosen(pod, wanted);
    return { container, found: kubelet.container(namespace, name, container) };
  };
  const logOf = (namespace: string, name: string, wanted: string | undefined, query: LogQuery) => {
    const { container, found } = find(namespace, name, wanted);
    return logIn(found, container, name, query);
  };
  return {
    logs: (namespace, pod, container, query) => logOf(namespace, pod, container, query).read(query),
    follow: (namespace, pod, container, query, { write, end }) => {
      const log = logOf(namespace, pod, container, query);
      const text = log.read(query);
      if (text !== '') write(text);
      return log.follow(query, write, end);
    },
    exec: async (namespace, pod, wanted, command, streams) => {
      const { container, found } = find(namespace, pod, wanted);
      const { context, program } = found ?? {};
      if (context === undefined || program === undefined) {
        throw internalError(`unable to upgrade connection: container not found ("${container}")`);
      }
      const signal = AbortSignal.any([streams.signal, context.signal]);
      const status = await program.exec?.(context, command, { ...streams, signal });
      if (status !== undefined) return status;
      throw internalError(
        `error executing command in container: failed to exec in container: failed to start exec: exec: "${command[0]}": executable file not found in $PATH: unknown`,
      );
    },
  };
}

function chosen(pod: KubeObject, wanted: string | undefined): string {
  const { metadata } = pod;
  const { initContainers = [], containers } = podSpec(pod);
  const names = [...containers, ...initContainers].map(({ name }) => name);
  const name = wanted || (metadata.annotations?.[defaultContainer] ?? names[0] ?? '');
  if (names.includes(name)) return name;
  throw badRequest(`container ${name} is not valid for pod ${metadata.name}`);
}

function logIn(
  found: Container | undefined,
  container: string,
  pod: string,
  { previous = false }: LogQuery,
): ContainerLog {
  if (previous) {
    if (found?.previousLog !== undefined) return found.previousLog;
    throw badRequest(`previous terminated container "${container}" in pod "${pod}" not found`);
  }
  if (found !== undefined && found.id !== '') return found.log;
  const reason = found !== undefined && 'waiting' in found.state ? found.state.waiting.reason : 'Pending';
  throw badRequest(`container "${container}" in pod "${pod}" is waiting to start: ${reason}`);
}

function internalError(message: string): StatusError {
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`);
}

import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { StatusError } from '../../store/status-error.ts';
import { warn } from '../events.ts';
import { fitsNode } from '../node.ts';
import { isDeleted, isReady, podSpec } from '../pod.ts';
import type { PodTemplate } from '../rollout/deployment.ts';
import { podsOf, type Share } from '../rollout/sizes.ts';
import { hashOf } from '../rollout/template-hash.ts';
import { type Controller, type ControllerContext, deleteObject, follow } from './controller.ts';
import { createPod } from './create-pod.ts';
import { claim, controllerOf } from './owners.ts';
import { retryOnChange } from './retry.ts';
import { type Outcome, WorkQueue } from './work-queue.ts';

const daemonSets = 'DaemonSet.apps';
const hashLabel = 'controller-revision-hash';
const generationLabel = 'pod-template-generation';
/** Counts the changes of a DaemonSet's template. */
export const templateGeneration = 'deprecated.daemonset.template.generation';

interface DaemonSet extends KubeObject {
  spec: {
    template: PodTemplate;
    updateStrategy?: { type?: string; rollingUpdate?: { maxUnavailable?: Share } };
  };
}

/** Keeps one pod of each DaemonSet on every node that its template may run on. */
export const daemonSetController: Controller = (context) => {
  const { store, timeScale } = context;
  const queue = new WorkQueue((name, namespace) => {
    const daemonSet = store.find(daemonSets, name, namespace) as DaemonSet | undefined;
    return daemonSet && reconcile(context, daemonSet);
  }, timeScale);
  const ends = [
    follow(store, daemonSets, ({ metadata }) => queue.add(metadata.name, metadata.namespace)),
    follow(store, 'Pod', (pod) => {
      const owner = controllerOf(pod);
      if (owner?.kind === 'DaemonSet') queue.add(owner.name, pod.metadata.namespace);
    }),
    store.subscribe('Node', () => {
      for (const { metadata } of store.list(daemonSets)) queue.add(metadata.name, metadata.namespace);
    }),
    retryOnChange(store, queue),
  ];
  return () => {
    for (const end of ends) end();
    queue.close();
  };
};

function reconcile(context: ControllerContext, daemonSet: DaemonSet): Outcome {
  const { store } = context;
  const template = labelled(daemonSet);
  const nodes = store
    .list('Node')
    .filter((node) => fitsNode(node, template.spec.nodeSelector))
    .map(({ metadata }) => metadata.name);
  let refusal: StatusError | undefined;
  if (!isDeleted(daemonSet)) {
    refusal = placePods(context, daemonSet, template, nodes);
    for (const pod of outdated(daemonSet, template, nodes, claim(store, 'Pod', daemonSet))) {
      deleteObject(context, pod);
    }
  }
  const status = statusOf(daemonSet, template, nodes, claim(store, 'Pod', daemonSet));
  store.change(daemonSets, daemonSet.metadata.name, daemonSet.metadata.namespace, (draft) => {
    draft.status = status;
  });
  return refusal && 'again';
}

/** Gives each node a pod; one on its way out must be gone first. Pods on nodes that are none of its own go. */
function placePods(
  context: ControllerContext,
  daemonSet: DaemonSet,
  template: PodTemplate,
  nodes: readonly string[],
): StatusError | undefined {
  const pods = claim(context.store, 'Pod', daemonSet);
  const taken = new Set<string>();
  for (const pod of pods) {
    const node = podSpec(pod).nodeName ?? '';
    if (!nodes.includes(node) || (taken.has(node) && !isDeleted(pod))) deleteObject(context, pod);
    taken.add(node);
  }
  try {
    for (const node of nodes.filter((name) => !taken.has(name))) {
      createPod(context, daemonSet, { ...template, spec: { ...template.spec, nodeName: node } });
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const message = `Error creating: ${error.message}`;
    warn(context.store, daemonSet, 'FailedCreate', message, 'daemonset-controller');
    return error;
  }
}

/** The pods of former templates that may go now: so many at a time as may be unavailable. */
function outdated(
  { spec }: DaemonSet,
  template: PodTemplate,
  nodes: readonly string[],
  pods: readonly KubeObject[],
): KubeObject[] {
  if (spec.updateStrategy?.type === 'OnDelete') return [];
  const most = podsOf(spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, nodes.length, Math.ceil);
  const living = pods.filter((pod) => !isDeleted(pod));
  const old = living.filter((pod) => !isUpdated(pod, template));
  const unavailable = nodes.length - living.filter(isReady).length;
  const oldReady = old.filter(isReady);
  return [...old.filter((pod) => !isReady(pod)), ...oldReady.slice(0, Math.max(0, most - unavailable))];
}

function statusOf(
  { metadata }: DaemonSet,
  template: PodTemplate,
  nodes: readonly string[],
  pods: readonly KubeObject[],
): Record<string, number | undefined> {
  const living = pods.filter((pod) => !isDeleted(pod));
  const ready = living.filter(isReady).length;
  const updated = living.filter((pod) => isUpdated(pod, template)).length;
  return {
    currentNumberScheduled: living.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: nodes.length,
    numberReady: ready,
    observedGeneration: metadata.generation,
    ...(updated > 0 && { updatedNumberScheduled: updated }),
    ...(ready > 0 && { numberAvailable: ready }),
    ...(ready < nodes.length && { numberUnavailable: nodes.length - ready }),
  };
}

function isUpdated({ metadata }: KubeObject, template: PodTemplate): boolean {
  return metadata.labels?.[hashLabel] === template.metadata?.labels?.[hashLabel];
}

function labelled({ spec: { template }, metadata }: DaemonSet): PodTemplate {
  const labels = {
    ...template.metadata?.labels,
    [hashLabel]: hashOf(template),
    [generationLabel]: metadata.annotations?.[templateGeneration] ?? '1',
  };
  return { ...template, metadata: { ...template.metadata, labels } };
}

import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Store } from '../store/store.ts';
import { type Condition, conditionsOf, withCondition } from './conditions.ts';
import type { ControllerContext } from './controllers/controller.ts';
import { follow } from './controllers/controller.ts';
import { WorkQueue } from './controllers/work-queue.ts';
import { tell, warn } from './events.ts';
import { fitsNode, runsPods } from './node.ts';
import { isActive, isDeleted, podSpec } from './pod.ts';

/** Gives each pod that has no node the one with the fewest pods among those that its nodeSelector fits. */
export function startScheduler({
  store,
  timeScale,
}: Pick<ControllerContext, 'store' | 'timeScale'>): () => void {
  const queue = new WorkQueue((name, namespace) => {
    const pod = store.find('Pod', name, namespace);
    if (pod !== undefined && isUnassigned(pod)) schedule(store, pod);
    return undefined;
  }, timeScale);
  const look = (pod: KubeObject) => {
    if (isUnassigned(pod)) queue.add(pod.metadata.name, pod.metadata.namespace);
  };
  const ends = [
    follow(store, 'Pod', look),
    store.subscribe('Node', () => {
      for (const pod of store.list('Pod')) look(pod);
    }),
  ];
  return () => {
    for (const end of ends) end();
    queue.close();
  };
}

function schedule(store: Store, pod: KubeObject): void {
  const nodes = store.list('Node').filter(runsPods);
  const fitting = nodes.filter((node) => fitsNode(node, podSpec(pod).nodeSelector));
  const load = Map.groupBy(store.list('Pod').filter(isActive), (other) => podSpec(other).nodeName);
  const loadOf = ({ metadata }: KubeObject) => load.get(metadata.name)?.length ?? 0;
  const [chosen] = fitting.toSorted((a, b) => loadOf(a) - loadOf(b));
  const { name, namespace } = pod.metadata;
  const condition = chosen === undefined ? unschedulable(nodes.length) : scheduled;
  store.change('Pod', name, namespace, (draft) => {
    if (chosen !== undefined) podSpec(draft).nodeName = chosen.metadata.name;
    draft.status = {
      phase: 'Pending',
      ...(draft.status as object | undefined),
      conditions: withCondition(conditionsOf(draft), condition),
    };
  });
  if (chosen === undefined) {
    warn(store, pod, 'FailedScheduling', condition.message ?? '', by);
    return;
  }
  const message = `Successfully assigned ${namespace}/${name} to ${chosen.metadata.name}`;
  tell(store, pod, { reason: 'Scheduled', message, by });
}

const by = 'default-scheduler';

const scheduled: Condition = { type: 'PodScheduled', status: 'True' };

function unschedulable(nodes: number): Condition {
  return {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message: `0/${nodes} nodes are available: none has the labels that the pod's nodeSelector asks for.`,
  };
}

function isUnassigned(pod: KubeObject): boolean {
  return !podSpec(pod).nodeName && !isDeleted(pod);
}

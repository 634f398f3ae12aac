import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { conditionOf } from '../../../fixtures/cluster/state.ts';
import {
  at,
  type Column,
  column,
  count,
  joined,
  listAt,
  none,
  numberAt,
  pairsAt,
  textAt,
  wide,
} from './column.ts';
import { age, name } from './common-columns.ts';
import { humanDuration } from './human-duration.ts';

const template: readonly Column[] = [
  wide('Containers', 'The names of its containers.', (workload) => joined(containers(workload, 'name'))),
  wide('Images', 'Their images.', (workload) => joined(containers(workload, 'image'))),
  wide('Selector', 'The labels of its pods.', selector),
];

/** The groups apps and batch, as `kubectl get` shows it (kubernetes `pkg/printers/internalversion/printers.go`). */
export const workloadColumns: Record<string, readonly Column[]> = {
  'Deployment.apps': [
    name,
    column('Ready', 'Ready pods of those wanted.', (deployment) => {
      return `${numberAt(deployment, 'status.readyReplicas')}/${numberAt(deployment, 'spec.replicas', 1)}`;
    }),
    count('Up-to-date', 'Pods of the present template.', (deployment) =>
      numberAt(deployment, 'status.updatedReplicas'),
    ),
    count('Available', 'Pods that are ready for long enough.', (deployment) =>
      numberAt(deployment, 'status.availableReplicas'),
    ),
    age,
    ...template,
  ],
  'ReplicaSet.apps': [
    name,
    count('Desired', 'Pods wanted.', (set) => numberAt(set, 'spec.replicas', 1)),
    count('Current', 'Pods there are.', (set) => numberAt(set, 'status.replicas')),
    count('Ready', 'Pods that are ready.', (set) => numberAt(set, 'status.readyReplicas')),
    age,
    ...template,
  ],
  'DaemonSet.apps': [
    name,
    count('Desired', 'Nodes that should run its pod.', (set) =>
      numberAt(set, 'status.desiredNumberScheduled'),
    ),
    count('Current', 'Nodes that run it.', (set) => numberAt(set, 'status.currentNumberScheduled')),
    count('Ready', 'Nodes where it is ready.', (set) => numberAt(set, 'status.numberReady')),
    count('Up-to-date', 'Nodes with the present template.', (set) =>
      numberAt(set, 'status.updatedNumberScheduled'),
    ),
    count('Available', 'Nodes where it is ready for long enough.', (set) =>
      numberAt(set, 'status.numberAvailable'),
    ),
    column('Node Selector', 'The labels of its nodes.', (set) =>
      pairsAt(set, 'spec.template.spec.nodeSelector'),
    ),
    age,
    ...template,
  ],
  'Job.batch': [
    name,
    column('Status', 'What it has come to.', jobStatus),
    column('Completions', 'Pods that succeeded of those wanted.', (job) => {
      return `${numberAt(job, 'status.succeeded')}/${numberAt(job, 'spec.completions', 1)}`;
    }),
    column('Duration', 'From its start to its end, or until now.', (job, now) => {
      const [start, end] = ['status.startTime', 'status.completionTime'].map((at) => textAt(job, at, ''));
      if (!start) return '';
      return humanDuration((end ? Date.parse(end) : now) - Date.parse(start));
    }),
    age,
    ...template,
  ],
};

function jobStatus(job: KubeObject): string {
  if (conditionOf(job, 'Complete')?.status === 'True') return 'Complete';
  if (conditionOf(job, 'Failed')?.status === 'True') return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return conditionOf(job, 'Suspended')?.status === 'True' ? 'Suspended' : 'Running';
}

function containers(workload: KubeObject, field: string): string[] {
  return listAt(workload, 'spec.template.spec.containers').map((container) => textAt(container, field));
}

const operators: Record<string, string> = { In: 'in', NotIn: 'notin' };

function selector(workload: KubeObject): string {
  const labels = pairsAt(workload, 'spec.selector.matchLabels');
  const expressions = listAt(workload, 'spec.selector.matchExpressions').map((expression) => {
    const key = textAt(expression, 'key');
    const operator = operators[textAt(expression, 'operator')];
    if (operator !== undefined) return `${key} ${operator} (${listAt(expression, 'values').join(',')})`;
    return at(expression, 'operator') === 'DoesNotExist' ? `!${key}` : key;
  });
  return joined([...(labels === none ? [] : [labels]), ...expressions]);
}

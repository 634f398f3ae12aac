import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { timestamp } from '../../store/store.ts';
import { type Condition, conditionsOf, withCondition } from '../conditions.ts';
import { isActive, isDeleted, isReady } from '../pod.ts';
import { type PodTemplate, withoutZeros } from '../rollout/deployment.ts';
import { type Controller, type ControllerContext, deleteObject, follow } from './controller.ts';
import { createPod } from './create-pod.ts';
import { claim, controllerOf } from './owners.ts';
import { retryOnChange } from './retry.ts';
import { type Outcome, WorkQueue } from './work-queue.ts';

const jobs = 'Job.batch';

interface Job extends KubeObject {
  spec: {
    parallelism?: number;
    completions?: number;
    backoffLimit?: number;
    suspend?: boolean;
    template: PodTemplate;
    [field: string]: unknown;
  };
  status?: { startTime?: string; completionTime?: string };
}

/**
 * Runs the pods of each Job until as many have succeeded as it asks for, or too many have failed. Unlike Kubernetes it
 * does not pause between failures.
 */
export const jobController: Controller = (context) => {
  const { store, timeScale } = context;
  const queue = new WorkQueue((name, namespace) => {
    const job = store.find(jobs, name, namespace) as Job | undefined;
    return job && reconcile(context, job);
  }, timeScale);
  const ends = [
    follow(store, jobs, ({ metadata }) => queue.add(metadata.name, metadata.namespace)),
    follow(store, 'Pod', (pod) => {
      const owner = controllerOf(pod);
      if (owner?.kind === 'Job') queue.add(owner.name, pod.metadata.namespace);
    }),
    retryOnChange(store, queue),
  ];
  return () => {
    for (const end of ends) end();
    queue.close();
  };
};

function reconcile(context: ControllerContext, job: Job): Outcome {
  const { store } = context;
  const { name, namespace } = job.metadata;
  const { parallelism = 1, completions = 1, backoffLimit = 6, suspend = false, template } = job.spec;
  let pods = claim(store, 'Pod', job);
  const counted = (phase: string) => pods.filter((pod) => phaseOf(pod) === phase).length;
  const [succeeded, failed] = [counted('Succeeded'), counted('Failed')];
  const end = endOf({ succeeded, failed, completions, backoffLimit });
  const active = pods.filter(isActive);
  const wanted =
    end !== undefined || suspend || isDeleted(job) ? 0 : Math.min(parallelism, completions - succeeded);
  for (const pod of active.slice(wanted)) deleteObject(context, pod);
  for (let missing = wanted - active.length; missing > 0; missing -= 1) createPod(context, job, template);
  pods = claim(store, 'Pod', job);

  const running = pods.filter(isActive);
  const { startTime = timestamp(), completionTime } = job.status ?? {};
  const conditions = (end ?? []).reduce(withCondition, conditionsOf(job));
  const completed = end?.some(({ type }) => type === 'Complete') === true;
  store.change(jobs, name, namespace, (draft) => {
    draft.status = {
      startTime,
      ...withoutZeros({ active: running.length, succeeded, failed }),
      ready: running.filter(isReady).length,
      terminating: 0,
      uncountedTerminatedPods: {},
      ...(completed && { completionTime: completionTime ?? timestamp() }),
      ...(conditions.length > 0 && { conditions }),
    };
  });
  return undefined;
}

/** The conditions of a Job that has come to its end; undefined while it goes on (batch/v1 JobStatus.conditions). */
function endOf({
  succeeded,
  failed,
  completions,
  backoffLimit,
}: Record<'succeeded' | 'failed' | 'completions' | 'backoffLimit', number>): Condition[] | undefined {
  if (succeeded >= completions) {
    const why = { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
    return [
      { type: 'SuccessCriteriaMet', status: 'True', ...why },
      { type: 'Complete', status: 'True', ...why },
    ];
  }
  if (failed <= backoffLimit) return undefined;
  const why = { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  return [
    { type: 'FailureTarget', status: 'True', ...why },
    { type: 'Failed', status: 'True', ...why },
  ];
}

function phaseOf({ status }: KubeObject): string | undefined {
  return (status as { phase?: string } | undefined)?.phase;
}

import type { Cluster } from '../../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { podFailure } from '../../../fixtures/cluster/pods.ts';
import { waitForRollout } from '../../../fixtures/cluster/rollout.ts';
import type { RolloutView } from '../../../fixtures/cluster/rollout-state.ts';

/** Waits until every Deployment and DaemonSet among some objects is rolled out. */
export async function rolledOut(
  cluster: Cluster,
  objects: readonly KubeObject[],
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<void> {
  await Promise.all(
    objects.flatMap(({ kind, metadata: { name, namespace = 'default' } }) =>
      kind === 'Deployment' || kind === 'DaemonSet'
        ? [waitForRollout(cluster, { kind, namespace, name }, { timeoutMs, failFast: hopeless, signal })]
        : [],
    ),
  );
}

/**
 * Why pods will not come up by themselves on a cluster that is just being put together. Without a node, or without
 * what they call, they fail for a while; only an image that cannot be had stays away.
 */
export function hopeless({ pods }: Pick<RolloutView, 'pods'>): string | undefined {
  return pods
    .map(podFailure)
    .find((failure) => failure !== undefined && /is in (ErrImage|ImagePull|InvalidImageName)/.test(failure));
}

import { Cluster } from '../../fixtures/cluster/client.ts';
import { UnauthorizedError, UnreachableError } from '../../fixtures/cluster/errors.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { istioctlVersion } from '../lib/istioctl.ts';
import type { Circumstances, Looked } from '../targets/checks/check.ts';
import { failed } from '../targets/checks/failed.ts';
import { checks } from '../targets/checks/index.ts';
import { otherRuns } from '../targets/checks/other-runs.ts';
import { permissions } from '../targets/checks/permissions.ts';
import { lackingBehind } from '../targets/forbidden.ts';
import { type Inspection, inspect } from '../targets/inspect.ts';
import type { DoctorOptions } from './options.ts';
import type { Group } from './screen.ts';

/**
 * Takes every look at a cluster that a run would take before it changes anything. One that fails is a finding like
 * others.
 *
 * @throws UsageError when the kubeconfig has no such context.
 */
export async function examineCluster(options: DoctorOptions & { context: string }): Promise<Group> {
  const { kubeconfig, context } = options;
  const cluster = Cluster.connect(loadKubeConfig({ kubeconfig, context }));
  try {
    const title = `The cluster of context ${context} (${cluster.serverUrl})`;
    return { title, looked: await lookAround(cluster, options) };
  } finally {
    await cluster.close();
  }
}

async function lookAround(cluster: Cluster, options: DoctorOptions): Promise<Looked[]> {
  const name = 'the cluster';
  let inspection: Inspection;
  try {
    inspection = await inspect(cluster, await istioctlVersion(options.istioctl), options.revision);
  } catch (error) {
    const failure = { name, ...failed(name, error) };
    // Whoever gets no answer, or is not known, need not ask twenty times more.
    if (error instanceof UnreachableError || error instanceof UnauthorizedError) return [failure];
    // As a run does: whoever is refused one thing hears of all of them, and of the manifest that grants them.
    const lacking = await lackingBehind(error, cluster, options);
    const looked = lacking === undefined ? failure : { name: permissions.name, ...lacking };
    return [looked, ...(await take(cluster, uninspected(options, error), error))];
  }
  return take(cluster, { inspection, options });
}

/** Every look in turn; what failed for one reason that was told is not told again. */
async function take(cluster: Cluster, circumstances: Circumstances, told?: unknown): Promise<Looked[]> {
  const looked = await Promise.all(
    [otherRuns, ...checks].map(async ({ name, look }) => {
      try {
        return [{ name, ...(await look(cluster, circumstances)) }];
      } catch (error) {
        return error === told ? [] : [{ name, ...failed(name, error) }];
      }
    }),
  );
  return looked.flat();
}

/** For looks that can do without what is not known; others fail for the same reason. */
function uninspected(options: DoctorOptions, why: unknown): Circumstances {
  return {
    options,
    get inspection(): Inspection {
      throw why;
    },
  };
}

import type { Cluster } from '../../../fixtures/cluster/client.ts';
import { isNotFound } from '../../../fixtures/guest/guest.ts';
import { fileOf, type Part } from '../../permissions/manifest.ts';
import { mayDoEverything, missingFrom } from '../../permissions/missing.ts';
import { type Needs, neededParts, permissionsOf } from '../../permissions/needed.ts';
import { inWords } from '../../permissions/words.ts';
import { type Check, type Finding, fits, unfit } from './check.ts';
import { injectionWhereClear } from './mesh.ts';

export const permissions: Check = {
  name: 'permissions',
  look: async (cluster, circumstances) => {
    const { inspection, options } = circumstances;
    const { shopDeployed, istioInstalled } = inspection;
    const injection = await injectionWhereClear(cluster, circumstances);
    const { pullSecret, meshCa } = options;
    return judgePermissions(
      cluster,
      { shopDeployed, pullSecret, meshCa, revision: injection?.revision },
      istioInstalled,
    );
  },
};

/**
 * Whether whoever the cluster takes us for may do what a run needs: what the manifests in `scripts/permissions` grant,
 * and an administrator's everything where Istio has to be installed.
 */
export async function judgePermissions(
  cluster: Cluster,
  needs: Needs,
  istioInstalled: boolean,
): Promise<Finding> {
  try {
    if (await mayDoEverything(cluster)) return fits('This context may do everything');
    if (!istioInstalled) {
      return unfit(
        'The cluster has no Istio, and this context may not do all that installing it takes, which is everything',
        "install Istio yourself, or use an administrator's context",
      );
    }
    const missing = await Promise.all(
      neededParts(needs).map(async (part) => ({
        part,
        lacks: await missingFrom(cluster, permissionsOf(part, needs)),
      })),
    );
    const lacking = missing.filter(({ lacks }) => lacks.length > 0);
    if (lacking.length === 0) return fits('This context may do all that a run needs');
    return unfit(
      `This context may not ${inWords(lacking.flatMap(({ lacks }) => lacks))}`,
      whatToApply(
        lacking.map(({ part }) => part),
        needs,
      ),
    );
  } catch (error) {
    // A cluster without that API refuses nothing on these grounds; whatever is forbidden will be said then.
    if (isNotFound(error)) return fits('The cluster does not say who may do what');
    throw error;
  }
}

function whatToApply(parts: readonly Part[], { revision = 'default' }: Needs): string {
  const files = parts.map(fileOf).join(' and ');
  const names = revision === 'default' ? '' : `, with the ConfigMaps of revision ${revision} in it`;
  return `have an administrator apply ${files}${names} and use the context of its ServiceAccount (docs/permissions.md), or use another one that may`;
}

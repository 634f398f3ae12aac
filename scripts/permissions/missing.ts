import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Permission } from './permission.ts';

/** As an administrator may. */
const everything: Permission = { verb: '*', group: '*', resource: '*' };

/** A server is asked this much at once; each question is a request of its own. */
const atOnce = 10;

/** Whether whoever the cluster takes us for may do everything. */
export async function mayDoEverything(cluster: Cluster): Promise<boolean> {
  return isAllowed(cluster, everything);
}

/**
 * What of some permissions whoever the cluster takes us for does not have, as its API server sees it. A list of rules
 * (SelfSubjectRulesReview) would be one request, but may be incomplete, and leaves the judging to its reader.
 *
 * @throws ApiError 404 where the cluster knows no authorisation.
 */
export async function missingFrom(
  cluster: Cluster,
  permissions: readonly Permission[],
): Promise<Permission[]> {
  const missing: Permission[] = [];
  for (let start = 0; start < permissions.length; start += atOnce) {
    const some = permissions.slice(start, start + atOnce);
    const allowed = await Promise.all(some.map((permission) => isAllowed(cluster, permission)));
    missing.push(...some.filter((_, index) => !allowed[index]));
  }
  return missing;
}

async function isAllowed(cluster: Cluster, permission: Permission): Promise<boolean> {
  const review: KubeObject = await cluster.create<KubeObject>({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: { name: '' },
    spec: { resourceAttributes: permission },
  });
  return (review.status as { allowed?: boolean } | undefined)?.allowed === true;
}

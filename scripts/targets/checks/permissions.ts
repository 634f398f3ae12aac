import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { isNotFound } from '../../../fixtures/guest/guest.ts';
import { type AskedOptions, type Check, fits, unfit } from './check.ts';

interface Permission {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
}

/** What a run must be allowed to do, one line for each; the least that it needs. */
const needed: readonly Permission[] = [
  { verb: 'create', group: '', resource: 'namespaces' },
  { verb: 'delete', group: '', resource: 'namespaces' },
  { verb: 'patch', group: '', resource: 'namespaces' },
  { verb: 'create', group: '', resource: 'pods' },
  { verb: 'create', group: '', resource: 'pods', subresource: 'exec' },
  { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
  { verb: 'patch', group: '', resource: 'configmaps' },
  { verb: 'patch', group: 'apps', resource: 'deployments' },
  { verb: 'list', group: 'admissionregistration.k8s.io', resource: 'mutatingwebhookconfigurations' },
  { verb: 'create', group: 'projectcalico.org', resource: 'globalnetworkpolicies' },
  { verb: 'patch', group: 'projectcalico.org', resource: 'felixconfigurations' },
  { verb: 'create', group: 'coordination.k8s.io', resource: 'leases' },
];

const forPullSecrets: readonly Permission[] = [
  { verb: 'get', group: '', resource: 'secrets' },
  { verb: 'create', group: '', resource: 'secrets' },
];

function neededFor({ pullSecret }: AskedOptions): readonly Permission[] {
  return pullSecret === undefined ? needed : [...needed, ...forPullSecrets];
}

export const permissions: Check = {
  name: 'permissions',
  look: async (cluster, { options }) => {
    const answers = await Promise.all(
      neededFor(options).map(async ({ verb, group, resource, ...rest }) => {
        const review: KubeObject = await cluster.create<KubeObject>({
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          metadata: { name: '' },
          spec: { resourceAttributes: { verb, group, resource, ...rest } },
        });
        const allowed = (review.status as { allowed?: boolean } | undefined)?.allowed === true;
        return allowed ? [] : [`${verb} ${[resource, ...Object.values(rest)].join('/')}`];
      }),
    ).catch((error: unknown) => {
      // A cluster without that API refuses nothing on these grounds; whatever is forbidden will be said then.
      if (isNotFound(error)) return [];
      throw error;
    });
    const missing = answers.flat();
    return missing.length === 0
      ? fits('This context may do all that a run needs')
      : unfit(`This context may not ${missing.join(', ')}`, 'use one that may');
  },
};

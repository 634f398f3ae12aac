import type { KubeObject } from '../../fixtures/cluster/objects.ts';

/** One thing that someone may do, in the terms of a SelfSubjectAccessReview. */
export interface Permission {
  verb: string;
  /** Empty for the core group. */
  group: string;
  resource: string;
  subresource?: string;
  /** Absent for any. */
  name?: string;
  /** Absent for all. */
  namespace?: string;
}

interface Rule {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
}

/** What the roles among some objects grant, one verb on one resource each. */
export function permissionsIn(objects: readonly KubeObject[]): Permission[] {
  return objects.flatMap(({ rules, metadata: { namespace } }) =>
    ((rules ?? []) as Rule[]).flatMap((rule) =>
      permissionsOf(rule).map((one) => ({ ...one, ...(namespace !== undefined && { namespace }) })),
    ),
  );
}

function permissionsOf({ verbs, apiGroups, resources, resourceNames }: Rule): Permission[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((granted) =>
      (resourceNames ?? [undefined]).flatMap((name) =>
        verbs.map((verb) => ({ verb, group, ...resourceOf(granted), ...(name !== undefined && { name }) })),
      ),
    ),
  );
}

function resourceOf(granted: string): Pick<Permission, 'resource' | 'subresource'> {
  const [resource = '', subresource] = granted.split('/');
  return { resource, ...(subresource !== undefined && { subresource }) };
}

/** Names one kind in the store: `Pod` in the core group, `Deployment.apps` in any other. */
export type KindKey = string;

/** One kind of object as the API serves it, in the terms of Kubernetes' API discovery. */
export interface ResourceType {
  /** Empty for the core group. */
  group: string;
  kind: string;
  /** The served versions, the one objects are stored in first. */
  versions: string[];
  plural: string;
  singular: string;
  shortNames: string[];
  namespaced: boolean;
  /** Such as `status`, `scale`, `log` and `exec`. */
  subresources: string[];
  /** What kubectl expands into several kinds, such as `all`. */
  categories?: string[];
  /** Its objects have no `metadata.generation`: the older kinds of Kubernetes, where nobody would look at it. */
  uncounted?: true;
}

export function keyOf(type: Pick<ResourceType, 'group' | 'kind'>): KindKey {
  return type.group === '' ? type.kind : `${type.kind}.${type.group}`;
}

/** The `apiVersion` of a kind in one of its versions; in its storage version when none is given. */
export function apiVersionOf(type: Pick<ResourceType, 'group' | 'versions'>, version?: string): string {
  const served = version ?? type.versions[0] ?? '';
  return type.group === '' ? served : `${type.group}/${served}`;
}

/** Takes an `apiVersion` apart; the group of `v1` is empty. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** How the API server names a resource in its messages: `pods`, `deployments.apps`. */
export function qualifiedResource(type: Pick<ResourceType, 'group' | 'plural'>): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

import type { PodAccess } from '../cluster/pod-access.ts';
import type { Operations } from '../store/operations.ts';
import type { ResourceType } from '../store/resource-type.ts';
import type { Store } from '../store/store.ts';
import type { ServedGroup } from './catalogue.ts';
import type { ResourcePath } from './request-path.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';

/** What the API server stands before. */
export interface Api {
  store: Store;
  operations: Operations;
  pods: PodAccess;
  /** The version it says it has, such as `v1.34.4`. */
  version: string;
  /** Everything it serves. */
  catalogue: readonly ServedGroup[];
  tokens: ServiceAccountTokens;
  /** Milliseconds between the bookmarks of a watch. */
  bookmarkMs: number;
}

/** A request's path together with the kind it names. */
export interface Target extends ResourcePath {
  type: ResourceType;
}

/** Finds the kind that a path names; undefined when it is not served there. */
export function targetOf(api: Api, path: ResourcePath): Target | undefined {
  const type = api.store.types.find(
    ({ group, plural, versions }) =>
      group === path.group && plural === path.plural && versions.includes(path.version),
  );
  if (type === undefined) return undefined;
  const misplaced = type.namespaced
    ? path.name !== undefined && path.namespace === undefined
    : path.namespace !== undefined;
  return misplaced ? undefined : { ...path, type };
}

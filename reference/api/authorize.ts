import semver from 'semver';
import { attributesOf, isOfPath, type ResourceAttributes } from '../authorization/attributes.ts';
import { type Check, plainCheck } from '../authorization/check.ts';
import { isAllowed } from '../authorization/rbac.ts';
import { tierChecks } from '../authorization/tiers.ts';
import type { User } from '../authorization/user.ts';
import { keyOf } from '../store/resource-type.ts';
import type { StatusError } from '../store/status-error.ts';
import { type Api, type Target, targetOf } from './api.ts';
import { objectIn, patchIn } from './body.ts';
import type { ApiRequest } from './request.ts';
import { resourcePath } from './request-path.ts';

/** Everything that is asked before a request is carried out, the request itself first. */
export function checksFor(api: Api, request: ApiRequest): Check[] {
  const attributes = attributesOf(request);
  const path = resourcePath(request.pathname);
  const target = path && targetOf(api, path);
  const first = plainCheck(attributes);
  if (target === undefined || isOfPath(attributes)) return [first];
  const { type } = target;
  return [
    first,
    ...createdByApply(api, target, attributes, request),
    ...createdByUpgrade(api, attributes, request),
    ...tierChecks(api.store, attributes, { type, body: () => bodyOf(request) }),
  ];
}

/** The refusal of a request that the roles of its user do not allow; undefined for one that they do. */
export function whyForbidden(
  { store }: Pick<Api, 'store'>,
  user: User,
  checks: readonly Check[],
): StatusError | undefined {
  const failed = checks.find(({ anyOf }) => !anyOf.some((attributes) => isAllowed(store, user, attributes)));
  return failed?.refusal(user);
}

/** Applying what is not there creates it, by a name that is known (kubernetes `…/endpoints/handlers/patch.go`). */
function createdByApply(
  { store }: Api,
  { type, name = '', namespace }: Target,
  attributes: ResourceAttributes,
  { method, headers }: ApiRequest,
): Check[] {
  if (method !== 'PATCH' || !headers['content-type']?.startsWith('application/apply-patch')) return [];
  if (store.find(keyOf(type), name, namespace) !== undefined) return [];
  return [plainCheck({ ...attributes, verb: 'create' })];
}

/**
 * A WebSocket begins with GET, which alone would let readers run commands. From Kubernetes 1.35 on it takes `create` as
 * well (`pkg/registry/core/pod/rest/subresources.go`, feature AuthorizePodWebsocketUpgradeCreatePermission).
 */
function createdByUpgrade(
  { version }: Api,
  attributes: ResourceAttributes,
  { headers }: ApiRequest,
): Check[] {
  const { subresource } = attributes;
  if (subresource !== 'exec' || headers.upgrade === undefined || semver.lt(version, '1.35.0')) return [];
  return [plainCheck({ ...attributes, verb: 'create' })];
}

/** What is written; a body that cannot be read is refused by whoever has to read it. */
function bodyOf(request: ApiRequest): unknown {
  try {
    if (request.method === 'PATCH') return patchIn(request).body;
    return request.method === 'POST' || request.method === 'PUT' ? objectIn(request) : undefined;
  } catch {
    return undefined;
  }
}

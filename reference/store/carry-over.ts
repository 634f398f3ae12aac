import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isObject, type JsonObject } from './json.ts';
import { withPlainTimes } from './metadata-times.ts';
import { parseApiVersion, type ResourceType } from './resource-type.ts';
import { badRequest, conflict, StatusError } from './status-error.ts';
import { uidConflict } from './store.ts';
import { validateMetadataUpdate } from './validation.ts';

/**
 * What an update makes of an object: of a subresource just that part, of the object itself everything but the status
 * when that is a subresource, and in either case not what only the API sets.
 *
 * @param wanted the object as the client wants it; only the part that the subresource stands for is read.
 * @throws StatusError Conflict for a uid or resourceVersion that is not the current one, Invalid for a change of
 *   immutable metadata, BadRequest for something else than this kind of object, NotFound for no such subresource.
 */
export function carryOver(
  type: ResourceType,
  current: KubeObject,
  wanted: JsonObject,
  subresource?: string,
): KubeObject {
  const metadata = withPlainTimes(metadataOf(type, wanted));
  checkPreconditions(type, current, metadata);
  const { managedFields } = metadata;
  if (subresource !== undefined) {
    const part = partOf(type, current, wanted, subresource);
    return { ...current, ...part, metadata: { ...current.metadata, managedFields } };
  }
  const {
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    resourceVersion,
    generation,
    uid,
  } = current.metadata;
  const lasting = { deletionTimestamp, deletionGracePeriodSeconds };
  const next: KubeObject = {
    ...wanted,
    apiVersion: current.apiVersion,
    kind: current.kind,
    metadata: defined({
      ...defined({ creationTimestamp, ...lasting }),
      ...defined(metadata),
      uid,
      generation,
      resourceVersion,
    }) as KubeObject['metadata'],
  };
  if (type.subresources.includes('status')) {
    delete next.status;
    if (current.status !== undefined) next.status = current.status;
  }
  validateMetadataUpdate(type, current, next);
  return next;
}

/** @throws StatusError Conflict when a precondition does not hold. */
export function checkPreconditions(
  type: ResourceType,
  { metadata: current }: KubeObject,
  { uid, resourceVersion }: { uid?: unknown; resourceVersion?: unknown },
): void {
  if (uid && uid !== current.uid) throw uidConflict(type, current.name, String(uid), current.uid);
  if (resourceVersion && resourceVersion !== current.resourceVersion) throw conflict(type, current.name);
}

/** @throws StatusError BadRequest when the object is not of this kind, or in a version that is not served. */
function metadataOf(type: ResourceType, { apiVersion, kind, metadata }: JsonObject): JsonObject {
  const { group, version } = parseApiVersion(String(apiVersion));
  if (kind !== type.kind || group !== type.group || !type.versions.includes(version)) {
    throw badRequest(`the object is not a ${type.kind}: ${String(apiVersion)}, Kind=${String(kind)}`);
  }
  if (!isObject(metadata)) throw badRequest('the object has no metadata');
  return metadata;
}

function partOf(
  type: ResourceType,
  current: KubeObject,
  wanted: JsonObject,
  subresource: string,
): Partial<KubeObject> {
  const known = type.subresources.includes(subresource);
  const { spec, status } = wanted;
  if (known && subresource === 'status') return { status };
  if (known && subresource === 'scale') return { spec: specWith(current, spec, 'replicas') };
  if (known && subresource === 'finalize') return { spec: specWith(current, spec, 'finalizers') };
  throw new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

function specWith(current: KubeObject, spec: unknown, field: string): JsonObject {
  const kept = isObject(current.spec) ? current.spec : {};
  return { ...kept, [field]: isObject(spec) ? spec[field] : undefined };
}

function defined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

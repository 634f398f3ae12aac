import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isObject, type JsonObject } from './json.ts';
import { parseApiVersion, type ResourceType } from './resource-type.ts';
import { badRequest } from './status-error.ts';

/**
 * What a client wants to apply, as an object: with the name it was sent to and without nulls, and of a subresource
 * just that part. The status is no part of an object that has it as a subresource.
 *
 * @throws StatusError BadRequest when it is not of this kind or not for this object.
 */
export function configurationOf(
  type: ResourceType,
  name: string,
  namespace: string | undefined,
  body: unknown,
  subresource?: string,
): KubeObject {
  if (!isObject(body)) throw badRequest('an apply configuration is an object');
  const { apiVersion, kind, metadata = {} } = body;
  const { group, version } = parseApiVersion(String(apiVersion));
  if (kind !== type.kind || group !== type.group || !type.versions.includes(version)) {
    throw badRequest(
      `the configuration is not of a ${type.kind}: ${String(apiVersion)}, Kind=${String(kind)}`,
    );
  }
  if (!isObject(metadata)) throw badRequest('metadata is an object');
  if (metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  checkPlace(metadata, 'name', name, 'name of the object');
  checkPlace(metadata, 'namespace', type.namespaced ? namespace : undefined, 'namespace of the object');
  const place = namespace !== undefined && type.namespaced ? { name, namespace } : { name };
  const { status, ...rest } = withoutNulls(body) as JsonObject;
  const named = { ...rest, metadata: { ...(rest.metadata as JsonObject), ...place } } as KubeObject;
  if (subresource === 'status') {
    const { uid, resourceVersion } = named.metadata;
    const preconditions = withoutNulls({ uid, resourceVersion }) as JsonObject;
    return {
      apiVersion: named.apiVersion,
      kind: type.kind,
      metadata: { ...preconditions, ...place },
      status,
    };
  }
  return status === undefined || type.subresources.includes('status') ? named : { ...named, status };
}

function checkPlace(metadata: JsonObject, field: string, wanted: string | undefined, what: string): void {
  const given = metadata[field];
  if (given === undefined || given === null || given === '' || given === wanted) return;
  throw badRequest(`the ${what} (${String(given)}) does not match the ${field} on the URL (${wanted ?? ''})`);
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(kept.map(([field, part]) => [field, withoutNulls(part)]));
}

import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isObject, type JsonObject } from '../store/json.ts';
import { apiVersionOf } from '../store/resource-type.ts';
import { badRequest } from '../store/status-error.ts';
import type { Target } from './api.ts';

/**
 * The object of a body, which must agree with the path it was sent to; what it leaves out it takes from there.
 *
 * @throws StatusError 400 where they disagree.
 */
export function incomingObject({ type, version, namespace, name }: Target, body: JsonObject): KubeObject {
  const apiVersion = apiVersionOf(type, version);
  const { apiVersion: saidVersion = apiVersion, kind = type.kind, metadata = {} } = body;
  if (saidVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${saidVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (kind !== type.kind) {
    throw badRequest(
      `${kind} in version "${version}" cannot be handled as a ${type.kind}: it is of another kind`,
    );
  }
  if (!isObject(metadata)) throw badRequest('the metadata of the object is not an object');
  const saidNamespace = metadata.namespace;
  if (type.namespaced && saidNamespace && saidNamespace !== namespace) {
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request (${saidNamespace}, ${namespace})`,
    );
  }
  const saidName = metadata.name;
  if (name !== undefined && saidName !== undefined && saidName !== name) {
    throw badRequest(`the name of the object (${saidName}) does not match the name on the URL (${name})`);
  }
  return {
    ...body,
    apiVersion,
    kind,
    metadata: {
      ...metadata,
      ...(type.namespaced && { namespace }),
      ...(name !== undefined && { name }),
    } as KubeObject['metadata'],
  };
}

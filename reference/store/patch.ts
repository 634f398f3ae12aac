import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isObject, type JsonObject } from './json.ts';
import { jsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import type { ResourceType } from './resource-type.ts';
import { isCustom, schemaOf } from './schemas.ts';
import { badRequest, unsupportedMediaType } from './status-error.ts';
import { strategicMerge } from './strategic-merge.ts';

export interface Patch {
  type: 'merge' | 'json' | 'strategic' | 'apply';
  body: unknown;
}

/** A patch that says what to change, rather than what there should be. */
export interface ChangingPatch extends Patch {
  type: Exclude<Patch['type'], 'apply'>;
}

const unknownFormat =
  'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';

/**
 * An object with a patch laid over it, and nothing checked but the patch itself.
 *
 * @throws StatusError UnsupportedMediaType for a strategic merge patch of a custom resource, of whose lists the API
 *   knows too little; BadRequest or Invalid for a patch that is wrong or does not fit.
 */
export function patched(
  type: ResourceType,
  object: KubeObject,
  { type: patchType, body }: ChangingPatch,
): JsonObject {
  if (patchType === 'strategic' && isCustom(type)) throw unsupportedMediaType(unknownFormat);
  if (patchType !== 'json' && !isObject(body)) throw badRequest('a merge patch is an object');
  const result =
    patchType === 'json'
      ? jsonPatch(object, body)
      : patchType === 'merge'
        ? mergePatch(object, body)
        : strategicMerge(object, body as JsonObject, schemaOf(type));
  if (!isObject(result)) throw badRequest('the patch leaves no object');
  return result;
}

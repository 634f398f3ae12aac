import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isObject, type JsonObject } from '../store/json.ts';
import { jsonPatch } from '../store/json-patch.ts';
import { mergePatch } from '../store/merge-patch.ts';
import { keyOf } from '../store/resource-type.ts';
import { badRequest } from '../store/status-error.ts';
import type { Api, Target } from './api.ts';
import { objectIn, type PatchType, patchIn } from './body.ts';
import { incomingObject } from './incoming-object.ts';
import { listPage } from './list.ts';
import { findTarget } from './read.ts';
import { type JsonReply, json, type Reply } from './reply.ts';
import { presenterFor } from './represent.ts';
import type { ApiRequest } from './request.ts';
import { scaleOf, workloadPatchFrom } from './scale.ts';
import { selectionOf } from './selection.ts';
import { deletionOptions, forceOf, writeOptions } from './write-options.ts';

/** Answers POST of a new object. */
export function createOne(api: Api, target: Target, request: ApiRequest): Reply {
  const presenter = presenterFor(target, request);
  const object = incomingObject(target, objectIn(request));
  return warned((warn) => {
    const options = { ...writeOptions(request, undefined), warn };
    return json(presenter.object(api.operations.create(object, options)), 201);
  });
}

/** Answers PUT of an object, or of its status or scale. */
export function replaceOne(api: Api, target: Target, request: ApiRequest): Reply {
  const body = objectIn(request);
  if (target.subresource === 'scale') return rescale(api, target, request, body);
  const presenter = presenterFor(target, request);
  const object = incomingObject(target, body);
  return warned((warn) => {
    const options = { ...writeOptions(request, target.subresource), warn };
    return json(presenter.object(api.operations.update(object, options)));
  });
}

/** Answers PATCH of an object, or of its status or scale; an apply may create it. */
export function patchOne(api: Api, target: Target, request: ApiRequest): Reply {
  const { type, namespace, name = '', subresource } = target;
  const patch = patchIn(request);
  const force = forceOf(request, patch.type);
  if (subresource === 'scale') {
    return rescale(api, target, request, patchedScale(scaleOf(findTarget(api, target)), patch));
  }
  const presenter = presenterFor(target, request);
  return warned((warn) => {
    const options = { ...writeOptions(request, subresource), force, warn };
    const { object, created } = api.operations.patch(type, name, namespace, patch, options);
    return json(presenter.object(object), created ? 201 : 200);
  });
}

/** Answers DELETE of an object: with the object while it is still there, else with a Status. */
export function deleteOne(api: Api, target: Target, request: ApiRequest): Reply {
  const { type, namespace, name = '' } = target;
  const presenter = presenterFor(target, request);
  const options = deletionOptions(request.query, bodyIn(request));
  const deleted = api.operations.delete(type, name, namespace, options);
  const { uid, deletionTimestamp } = deleted.metadata;
  const stays = api.store.find(keyOf(type), name, namespace)?.metadata.uid === uid;
  if (options.dryRun ? deletionTimestamp !== undefined : stays) return json(presenter.object(deleted));
  return json({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(type.group !== '' && { group: type.group }), kind: type.plural, uid },
  });
}

/** Answers DELETE of a collection with the list of what was deleted. */
export function deleteMany(api: Api, target: Target, request: ApiRequest): Reply {
  const presenter = presenterFor(target, request);
  const options = deletionOptions(request.query, bodyIn(request));
  const page = listPage(api.store, selectionOf(target, request.query), request.query);
  const items = page.items.map(({ metadata: { name, namespace } }) =>
    api.operations.delete(target.type, name, namespace, options),
  );
  return json(presenter.list({ ...page, items }));
}

/** A reply with what the client was warned of while it was made. */
function warned(write: (warn: (message: string) => void) => JsonReply): Reply {
  const warnings: string[] = [];
  const reply = write((message) => warnings.push(message));
  return { ...reply, warnings };
}

function bodyIn(request: ApiRequest): JsonObject | undefined {
  return request.body.length === 0 ? undefined : objectIn(request);
}

function rescale(api: Api, target: Target, request: ApiRequest, scale: JsonObject): Reply {
  const { type, namespace, name = '' } = target;
  const patch = { type: 'merge', body: workloadPatchFrom(scale, name) } as const;
  const { object } = api.operations.patch(type, name, namespace, patch, writeOptions(request, 'scale'));
  return json(scaleOf(object));
}

/** Of a Scale only the replicas can be changed, so all patches but a list of operations come to a merge. */
function patchedScale(scale: KubeObject, { type, body }: { type: PatchType; body: unknown }): JsonObject {
  const changed = type === 'json' ? jsonPatch(scale, body) : mergePatch(scale, body);
  if (!isObject(changed)) throw badRequest('the patch leaves no object');
  return changed;
}

import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { keyOf } from '../store/resource-type.ts';
import { notFound } from '../store/status-error.ts';
import type { Api, Target } from './api.ts';
import { listPage } from './list.ts';
import { json, type Reply } from './reply.ts';
import { presenterFor } from './represent.ts';
import { type ApiRequest, isOn } from './request.ts';
import { scaleOf } from './scale.ts';
import { selectionOf } from './selection.ts';
import { watch } from './watch.ts';
import { watchOptions } from './watch-options.ts';

/** @throws StatusError 404 */
export function findTarget(api: Api, { type, namespace, name = '' }: Target): KubeObject {
  const object = api.store.find(keyOf(type), name, namespace);
  if (object === undefined) throw notFound(type, name);
  return object;
}

/** Answers GET of one object, or of its status or scale. */
export function getOne(api: Api, target: Target, request: ApiRequest): Reply {
  const presenter = presenterFor(target, request);
  const object = findTarget(api, target);
  return json(target.subresource === 'scale' ? scaleOf(object) : presenter.object(object));
}

/** Answers GET of a collection: a list, or a watch. */
export function getMany(api: Api, target: Target, request: ApiRequest): Reply {
  const { query } = request;
  const presenter = presenterFor(target, request);
  const selection = selectionOf(target, query);
  if (!isOn(query, 'watch')) return json(presenter.list(listPage(api.store, selection, query)));
  const options = watchOptions(query);
  const { watched: represent, bookmark } = presenter;
  return {
    form: 'stream',
    contentType: 'application/json',
    start: (sink) =>
      watch(api.store, selection, options, { represent, bookmark, bookmarkMs: api.bookmarkMs }, sink),
  };
}

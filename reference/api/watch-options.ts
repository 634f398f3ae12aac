import { invalid } from '../store/status-error.ts';
import { numberIn } from './list.ts';
import { isOn } from './request.ts';

/** How a watch begins and ends, as its query asks. */
export interface WatchOptions {
  /** The watcher knows everything up to here; undefined when it wants the present state told as ADDED first. */
  after: number | undefined;
  bookmarks: boolean;
  /** Whether a bookmark says where the present state ends. */
  marksEndOfState: boolean;
  timeoutSeconds: number | undefined;
}

/**
 * Reads the query of a watch (kubernetes.io/docs/reference/using-api/api-concepts, "Streaming lists" and
 * "Semantics for watch").
 *
 * @throws StatusError 422 when parameters contradict each other, 400 when they cannot be read.
 */
export function watchOptions(query: URLSearchParams): WatchOptions {
  const version = numberIn(query, 'resourceVersion') ?? 0;
  const state = query.has('sendInitialEvents') ? isOn(query, 'sendInitialEvents') : undefined;
  checkMatch(query.get('resourceVersionMatch') ?? '', state);
  const bookmarks = isOn(query, 'allowWatchBookmarks');
  const tellsState = state ?? version === 0;
  return {
    after: tellsState ? undefined : version,
    bookmarks,
    marksEndOfState: state === true && bookmarks,
    timeoutSeconds: numberIn(query, 'timeoutSeconds') || undefined,
  };
}

function checkMatch(match: string, state: boolean | undefined): void {
  if (state !== undefined && match !== 'NotOlderThan') {
    throw invalidOption('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (state === undefined && match !== '') {
    throw invalidOption('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  }
}

function invalidOption(message: string) {
  return invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
    { reason: 'FieldValueForbidden', field: 'resourceVersionMatch', message: `Forbidden: ${message}` },
  ]);
}

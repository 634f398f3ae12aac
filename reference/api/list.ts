import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { badRequest, gone, StatusError } from '../store/status-error.ts';
import type { Store } from '../store/store.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import type { Selection } from './selection.ts';
import { comparePlaces, placeOf, snapshotAt } from './snapshot.ts';

/** A list, or the part of it that was asked for. */
export interface Page {
  items: KubeObject[];
  /** `metadata` of the list. */
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

/**
 * Lists what is selected, as `limit`, `continue`, `resourceVersion` and `resourceVersionMatch` ask
 * (kubernetes.io/docs/reference/using-api/api-concepts, "Resource versions").
 *
 * @throws StatusError 410 when the state asked for is forgotten, 504 when it is yet to come, 400 for parameters
 *   that contradict each other.
 */
export function listPage(store: Store, selection: Selection, query: URLSearchParams): Page {
  const limit = numberIn(query, 'limit') ?? 0;
  const token = query.get('continue') ?? '';
  const { revision, after } = token === '' ? startOf(store, query, limit) : continued(query, token);
  const objects = stateAt(store, selection, revision, token !== '').filter(selection.matches);
  const rest =
    after === undefined ? objects : objects.filter((object) => comparePlaces(placeOf(object), after) > 0);
  const items = limit > 0 ? rest.slice(0, limit) : rest;
  const last = items.at(-1);
  if (items.length === rest.length || last === undefined) {
    return { items, metadata: { resourceVersion: String(revision) } };
  }
  return {
    items,
    metadata: {
      resourceVersion: String(revision),
      continue: encodeContinue({ revision, after: placeOf(last) }),
      // A real server does not count what a selector leaves out.
      ...(!selection.narrow && { remainingItemCount: rest.length - items.length }),
    },
  };
}

/**
 * A whole number in a query; undefined when absent or empty.
 *
 * @throws StatusError 400 for anything else.
 */
export function numberIn(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name) ?? '';
  if (value === '') return undefined;
  if (!/^\d+$/.test(value)) throw badRequest(`${name}: Invalid value: "${value}": must be a whole number`);
  return Number(value);
}

interface Start {
  revision: number;
  after?: string;
}

function startOf(store: Store, query: URLSearchParams, limit: number): Start {
  const wanted = numberIn(query, 'resourceVersion');
  const match = query.get('resourceVersionMatch') ?? '';
  if (match !== '' && wanted === undefined) {
    throw badRequest(
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (wanted !== undefined && wanted > store.revision) throw tooLarge(wanted, store.revision);
  // Without a match, a limit makes the version an exact one, for the sake of clients from before there was a match.
  const exact = match === 'Exact' || (match === '' && limit > 0);
  return { revision: exact && wanted !== undefined && wanted > 0 ? wanted : store.revision };
}

function continued(query: URLSearchParams, token: string): Start {
  const wanted = query.get('resourceVersion') ?? '';
  if (wanted !== '' && wanted !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  return decodeContinue(token);
}

function stateAt(
  store: Store,
  { key, namespace }: Selection,
  revision: number,
  continues: boolean,
): KubeObject[] {
  try {
    return snapshotAt(store, key, namespace, revision);
  } catch (error) {
    if (!continues || !(error instanceof StatusError) || error.code !== 410) throw error;
    throw gone(
      'The provided continue parameter is too old to display a consistent list result. ' +
        'Start a new list without it.',
    );
  }
}

/** Real servers wait some seconds for the revision first, which can only come where several servers share a store. */
function tooLarge(wanted: number, current: number): StatusError {
  return new StatusError(504, 'Timeout', `Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { type KindKey, keyOf } from '../store/resource-type.ts';
import { matchesFields, matchesLabels } from '../store/selectors.ts';
import type { Target } from './api.ts';

/** The objects a list or a watch is about. */
export interface Selection {
  key: KindKey;
  /** All namespaces when absent. */
  namespace: string | undefined;
  /** Whether an object of the kind and namespace is selected. */
  matches: (object: KubeObject) => boolean;
  /** Whether only some objects can match. */
  narrow: boolean;
}

/**
 * Reads the selectors of a query.
 *
 * @throws StatusError 400 for a selector that cannot be read.
 */
export function selectionOf({ type, namespace, name }: Target, query: URLSearchParams): Selection {
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  const matches = (object: KubeObject) =>
    (name === undefined || object.metadata.name === name) &&
    matchesLabels(labels, object.metadata.labels) &&
    matchesFields(fields, object);
  // A selector that cannot be read is an error also where nothing is there to be matched.
  matches({ apiVersion: '', kind: '', metadata: { name: name ?? '' } });
  return { key: keyOf(type), namespace, matches, narrow: labels !== '' || fields !== '' };
}

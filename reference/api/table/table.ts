import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { badRequest } from '../../store/status-error.ts';
import type { Column } from './column.ts';

/** What of its object comes with each row; undefined for nothing. */
export type Included = ((object: KubeObject) => unknown) | undefined;

/**
 * Reads `includeObject`; the metadata, when absent.
 *
 * @throws StatusError 400 for a value that does not exist.
 */
export function includedIn(
  query: URLSearchParams,
  forms: Record<'Object' | 'Metadata', (object: KubeObject) => unknown>,
): Included {
  const wanted = query.get('includeObject') ?? '';
  if (wanted === 'None') return undefined;
  if (wanted === 'Object') return forms.Object;
  if (wanted === 'Metadata' || wanted === '') return forms.Metadata;
  throw badRequest(`unrecognized includeObject value: ${wanted}`);
}

/** Objects as a `Table` (meta.k8s.io/v1), which is what kubectl prints. */
export function tableOf(
  columns: readonly Column[],
  objects: readonly KubeObject[],
  metadata: object,
  include: Included,
  now: number,
) {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ cell: _, ...definition }) => definition),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      ...(include !== undefined && { object: include(object) }),
    })),
  };
}

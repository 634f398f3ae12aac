import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { apiVersionOf } from '../store/resource-type.ts';
import { isCustom } from '../store/schemas.ts';
import { StatusError } from '../store/status-error.ts';
import type { Target } from './api.ts';
import type { Page } from './list.ts';
import { type Representation, representationFor } from './negotiation.ts';
import type { ApiRequest } from './request.ts';
import { columnsOf } from './table/columns.ts';
import { includedIn, tableOf } from './table/table.ts';

/** Turns stored objects into what one request wants to see of them. */
export interface Presenter {
  object: (object: KubeObject) => unknown;
  list: (page: Page) => unknown;
  /** As `object`, one event of a watch after the other: only the first table has column definitions. */
  watched: (object: KubeObject) => unknown;
  bookmark: (metadata: object) => unknown;
}

/**
 * What a request wants objects to look like: in the version of its path, as a table or as metadata alone where its
 * Accept header says so.
 *
 * @throws StatusError 406 when it accepts nothing that is served, 400 for an `includeObject` that does not exist.
 */
export function presenterFor(target: Target, { headers, query }: ApiRequest): Presenter {
  const representation = acceptable(headers.accept);
  const { type, version } = target;
  const apiVersion = apiVersionOf(type, version);
  const whole = (object: KubeObject): KubeObject => ({ ...object, apiVersion });
  if (representation === 'table') return tables(target, whole, query);
  if (representation === 'metadata') {
    return {
      object: metadataOf,
      watched: metadataOf,
      list: ({ items, metadata }) => ({
        kind: 'PartialObjectMetadataList',
        apiVersion: metaVersion,
        metadata,
        items: items.map(metadataOf),
      }),
      bookmark: (metadata) => ({ kind: 'PartialObjectMetadata', apiVersion: metaVersion, metadata }),
    };
  }
  return {
    object: whole,
    watched: whole,
    list: ({ items, metadata }) => ({
      kind: `${type.kind}List`,
      apiVersion,
      metadata,
      items: items.map(isCustom(type) ? whole : unnamed),
    }),
    bookmark: (metadata) => ({ kind: type.kind, apiVersion, metadata }),
  };
}

const metaVersion = 'meta.k8s.io/v1';

/** @throws StatusError 406 */
export function acceptable(accept: string | undefined): Representation {
  const representation = representationFor(accept);
  if (representation !== undefined) return representation;
  throw new StatusError(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/json;as=Table;v=v1;g=meta.k8s.io',
  );
}

function tables(
  target: Target,
  whole: (object: KubeObject) => KubeObject,
  query: URLSearchParams,
): Presenter {
  const columns = columnsOf(target.type);
  const include = includedIn(query, { Object: whole, Metadata: metadataOf });
  const now = Date.now();
  const one = (object: KubeObject) =>
    tableOf(columns, [object], { resourceVersion: object.metadata.resourceVersion }, include, now);
  let first = true;
  return {
    object: one,
    list: ({ items, metadata }) => tableOf(columns, items, metadata, include, now),
    watched: (object) => {
      const table = tableOf(
        columns,
        [object],
        { resourceVersion: object.metadata.resourceVersion },
        include,
        Date.now(),
      );
      const shown = first ? table : { ...table, columnDefinitions: null };
      first = false;
      return shown;
    },
    bookmark: (metadata) => ({
      ...tableOf(columns, [], metadata, include, now),
      columnDefinitions: null,
      // A bookmark's revision is read from its row.
      rows: [
        {
          cells: columns.map(() => ''),
          object: { kind: 'PartialObjectMetadata', apiVersion: metaVersion, metadata },
        },
      ],
    }),
  };
}

function metadataOf({ metadata }: KubeObject) {
  return { kind: 'PartialObjectMetadata', apiVersion: metaVersion, metadata };
}

/** Items in the lists of built-in kinds do not say what they are, as the list does. */
function unnamed({ apiVersion: _version, kind: _kind, ...item }: KubeObject): unknown {
  return item;
}

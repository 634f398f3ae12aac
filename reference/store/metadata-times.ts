import { isObject, type JsonObject } from './json.ts';
import { timestamp } from './store.ts';

/**
 * Metadata with its times as the API writes them. Clients that read times into a type of their language give them
 * back in another form, with fractions of a second or as null; a typed server knows them to be the same
 * (Kubernetes `apimachinery/pkg/apis/meta/v1/time.go`).
 */
export function withPlainTimes(metadata: JsonObject): JsonObject {
  const { managedFields, ...rest } = plain(metadata, 'creationTimestamp', 'deletionTimestamp');
  if (!Array.isArray(managedFields)) return managedFields === undefined ? rest : { ...rest, managedFields };
  return {
    ...rest,
    managedFields: managedFields.map((entry) => (isObject(entry) ? plain(entry, 'time') : entry)),
  };
}

/** What is no time stays as it is, so that it can be refused. */
function plain(object: JsonObject, ...fields: string[]): JsonObject {
  const times = fields
    .filter((field) => object[field] !== undefined)
    .map((field) => {
      const value = object[field];
      const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      return [field, Number.isNaN(time) ? (value ?? undefined) : timestamp(new Date(time))] as const;
    });
  return { ...object, ...Object.fromEntries(times) };
}

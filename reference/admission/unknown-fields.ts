import { isObject } from '../store/json.ts';
import { below, type Schema } from './schema.ts';

/** The fields of a value that its schema does not know, such as `spec.ingress[0].htttp`. */
export function unknownFields(schema: Schema, value: unknown, path = ''): string[] {
  if (schema.type === 'array' && Array.isArray(value)) {
    return value.flatMap((item, index) => unknownFields(schema.items, item, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  if (schema.type === 'map') {
    return entries.flatMap(([field, inner]) => unknownFields(schema.values, inner, below(path, field)));
  }
  if (schema.type !== 'object') return [];
  return entries.flatMap(([field, inner]) => {
    const known = Object.hasOwn(schema.fields, field) ? schema.fields[field] : undefined;
    return known === undefined ? [below(path, field)] : unknownFields(known, inner, below(path, field));
  });
}

/** The value without the fields that its schema does not know ("Field pruning" in the Kubernetes documentation). */
export function pruned(schema: Schema, value: unknown): unknown {
  if (schema.type === 'array' && Array.isArray(value)) return value.map((item) => pruned(schema.items, item));
  if (!isObject(value) || (schema.type !== 'object' && schema.type !== 'map')) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, inner]) => {
      if (schema.type === 'map') return [[field, pruned(schema.values, inner)]];
      const known = Object.hasOwn(schema.fields, field) ? schema.fields[field] : undefined;
      return known === undefined ? [] : [[field, pruned(known, inner)]];
    }),
  );
}

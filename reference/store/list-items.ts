import { isObject, type JsonObject } from './json.ts';
import { isAssociative, type Schema } from './schema.ts';

/**
 * The items of a list by the edge that a field set has for each; undefined for a list that is one value, because
 * its schema says so, an item lacks a key, or two items have the same.
 */
export function itemsByEdge(list: readonly unknown[], schema: Schema): Map<string, unknown> | undefined {
  if (!isAssociative(schema)) return undefined;
  const items = new Map<string, unknown>();
  for (const item of list) {
    const edge = edgeOf(item, schema);
    if (edge === undefined || items.has(edge)) return undefined;
    items.set(edge, item);
  }
  return items;
}

/** The edge of one item: `k:{"name":"web"}`, or `v:"a"` in a set of scalars. */
function edgeOf(item: unknown, schema: Schema): string | undefined {
  if (schema.keys === undefined) return isObject(item) ? undefined : `v:${JSON.stringify(item)}`;
  if (!isObject(item)) return undefined;
  const keys: JsonObject = {};
  for (const key of [...schema.keys].sort()) {
    const value = item[key] ?? schema.keyDefaults?.[key];
    if (value === undefined) return undefined;
    keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

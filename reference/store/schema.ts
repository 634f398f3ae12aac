/**
 * What the API knows of a field beyond its JSON: how lists are merged and which parts have one owner as a whole.
 * Without a schema a map is merged field by field and a list is one value, which is all that holds for custom
 * resources whose definition says nothing else.
 */
export interface Schema {
  fields?: { readonly [field: string]: Schema };
  /** Of the items of a list. */
  items?: Schema;
  /** A list of scalars, each of which is there or not. */
  set?: true;
  /**
   * The fields that tell the items of a list apart (`x-kubernetes-list-map-keys`). A strategic merge patch knows
   * the items by the first of them alone (`patchMergeKey`).
   */
  keys?: readonly string[];
  /** What a key is when an item leaves it out. */
  keyDefaults?: { readonly [key: string]: string };
  /** A map that has one owner as a whole (`x-kubernetes-map-type: atomic`). */
  atomic?: true;
}

export const anything: Schema = {};
export const atomicMap: Schema = { atomic: true };
export const set: Schema = { set: true };

export function fields(fields: { [field: string]: Schema }): Schema {
  return { fields };
}

/** A list whose items are known by keys. */
export function listBy(keys: string | readonly string[], items: Schema = anything): Schema {
  const names = typeof keys === 'string' ? [keys] : keys;
  const base: Schema = { keys: names, items };
  return names.includes('protocol') ? { ...base, keyDefaults: { protocol: 'TCP' } } : base;
}

/** The schema of a field of a map. */
export function fieldOf(schema: Schema, field: string): Schema {
  const { fields } = schema;
  return fields !== undefined && Object.hasOwn(fields, field) ? fields[field]! : anything;
}

/** Whether the items of a list have an identity of their own. */
export function isAssociative(schema: Schema): boolean {
  return schema.set === true || schema.keys !== undefined;
}

import { branch, type FieldSet, leaf, noFields, union } from './field-set.ts';
import { isObject, type JsonObject } from './json.ts';
import { itemsByEdge } from './list-items.ts';
import { anything, fieldOf, type Schema } from './schema.ts';

/** What a value consists of for ownership: one value, or parts with owners of their own. */
export type Shape =
  | { kind: 'value' }
  /** `schemaOf` says what is known of the part behind an edge. */
  | { kind: 'map' | 'list'; parts: Map<string, unknown>; schemaOf: (edge: string) => Schema };

export function shapeOf(value: unknown, schema: Schema): Shape {
  if (Array.isArray(value)) {
    const parts = itemsByEdge(value, schema);
    const items = schema.items ?? anything;
    return parts === undefined ? { kind: 'value' } : { kind: 'list', parts, schemaOf: () => items };
  }
  if (!isObject(value) || schema.atomic === true) return { kind: 'value' };
  const parts = new Map(Object.entries(value).map(([field, part]) => [`f:${field}`, part]));
  return { kind: 'map', parts, schemaOf: (edge) => fieldOf(schema, edge.slice(2)) };
}

/**
 * The fields that a configuration names and so claims: every value, every item of a list with keys, and maps that
 * are empty (structured-merge-diff `typed/tofieldset.go`).
 */
export function fieldsOf(value: unknown, schema: Schema): FieldSet {
  const shape = shapeOf(value, schema);
  if (shape.kind === 'value') return leaf;
  if (shape.parts.size === 0) return shape.kind === 'map' ? leaf : noFields;
  return branch(
    [...shape.parts].map(([edge, part]) => {
      const below = fieldsOf(part, shape.schemaOf(edge));
      return [edge, shape.kind === 'list' ? union(below, leaf) : below];
    }),
  );
}

/**
 * A value without the fields of a set. What is emptied by that goes too.
 *
 * @returns undefined when nothing is left.
 */
export function withoutFields(value: unknown, removed: FieldSet, schema: Schema): unknown {
  if (removed.children.size === 0) return value;
  const shape = shapeOf(value, schema);
  if (shape.kind === 'value') return value;
  const left: [string, unknown][] = [];
  for (const [edge, part] of shape.parts) {
    const gone = removed.children.get(edge) ?? noFields;
    const rest = gone.member ? undefined : withoutFields(part, gone, shape.schemaOf(edge));
    if (rest !== undefined) left.push([edge, rest]);
  }
  if (left.length === 0) return undefined;
  if (shape.kind === 'list') return left.map(([, item]) => item);
  return Object.fromEntries(left.map(([edge, part]) => [edge.slice(2), part])) as JsonObject;
}

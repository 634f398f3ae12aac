import { branch, type FieldSet, leaf, noFields, union } from './field-set.ts';
import { shapeOf } from './fields-of.ts';
import { sameValue } from './json.ts';
import type { Schema } from './schema.ts';

export interface Comparison {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

const nothing: Comparison = { added: noFields, modified: noFields, removed: noFields };

/**
 * What differs between two states of an object. A map or list item that comes or goes counts itself beside
 * everything in it; the order of items with keys does not matter (structured-merge-diff `typed/compare.go`).
 */
export function compare(before: unknown, after: unknown, schema: Schema): Comparison {
  if (before === undefined)
    return after === undefined ? nothing : { ...nothing, added: whole(after, schema) };
  if (after === undefined) return { ...nothing, removed: whole(before, schema) };
  const one = shapeOf(before, schema);
  const other = shapeOf(after, schema);
  if (one.kind === 'value' && other.kind === 'value') {
    return sameValue(before, after) ? nothing : { ...nothing, modified: leaf };
  }
  if (one.kind === 'value' || other.kind === 'value' || one.kind !== other.kind) {
    return { added: below(after, schema), modified: leaf, removed: below(before, schema) };
  }
  const edges = [...new Set([...one.parts.keys(), ...other.parts.keys()])];
  const parts = edges.map(
    (edge) => [edge, compare(one.parts.get(edge), other.parts.get(edge), other.schemaOf(edge))] as const,
  );
  const collect = (which: keyof Comparison) => branch(parts.map(([edge, part]) => [edge, part[which]]));
  return { added: collect('added'), modified: collect('modified'), removed: collect('removed') };
}

/** Everything in a value, and the value itself. */
function whole(value: unknown, schema: Schema): FieldSet {
  return union(below(value, schema), leaf);
}

function below(value: unknown, schema: Schema): FieldSet {
  const shape = shapeOf(value, schema);
  if (shape.kind === 'value') return noFields;
  return branch([...shape.parts].map(([edge, part]) => [edge, whole(part, shape.schemaOf(edge))]));
}

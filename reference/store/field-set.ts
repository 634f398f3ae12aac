import { isObject, type JsonObject } from './json.ts';

/**
 * A set of fields, as `fieldsV1` of managedFields writes it: a tree whose edges are `f:<field>`,
 * `k:<keys as JSON>` and `v:<value as JSON>`, and whose nodes may be in the set themselves
 * (kubernetes-sigs/structured-merge-diff `fieldpath/set.go`). Sets are never changed.
 */
export interface FieldSet {
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const noFields: FieldSet = { member: false, children: new Map() };
/** A field without anything below it. */
export const leaf: FieldSet = { member: true, children: new Map() };

export function isEmpty({ member, children }: FieldSet): boolean {
  return !member && children.size === 0;
}

/** A set of these children; empty ones are left out. */
export function branch(children: Iterable<readonly [string, FieldSet]>, member = false): FieldSet {
  const kept = [...children].filter(([, child]) => !isEmpty(child));
  return { member, children: new Map(kept) };
}

export function union(...sets: readonly FieldSet[]): FieldSet {
  return sets.reduce(unite, noFields);
}

function unite(one: FieldSet, other: FieldSet): FieldSet {
  if (isEmpty(one)) return other;
  if (isEmpty(other)) return one;
  const children = new Map(one.children);
  for (const [edge, child] of other.children) {
    const same = children.get(edge);
    children.set(edge, same === undefined ? child : unite(same, child));
  }
  return { member: one.member || other.member, children };
}

export function intersection(one: FieldSet, other: FieldSet): FieldSet {
  return branch(
    [...one.children].map(([edge, child]) => [
      edge,
      intersection(child, other.children.get(edge) ?? noFields),
    ]),
    one.member && other.member,
  );
}

/** Without the very fields of the other set. */
export function difference(one: FieldSet, other: FieldSet): FieldSet {
  return branch(
    [...one.children].map(([edge, child]) => [edge, difference(child, other.children.get(edge) ?? noFields)]),
    one.member && !other.member,
  );
}

/** Without the fields of the other set and everything below them. */
export function recursiveDifference(one: FieldSet, other: FieldSet): FieldSet {
  if (other.member) return noFields;
  return branch(
    [...one.children].map(([edge, child]) => {
      const same = other.children.get(edge);
      return [edge, same === undefined ? child : recursiveDifference(child, same)];
    }),
    one.member,
  );
}

export function sameFields(one: FieldSet, other: FieldSet): boolean {
  return isEmpty(difference(one, other)) && isEmpty(difference(other, one));
}

/** The paths in a set, as conflicts name them: `.spec.containers[name="a"].image`. */
export function pathsOf(set: FieldSet, prefix = ''): string[] {
  const below = [...set.children]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([edge, child]) => pathsOf(child, prefix + readable(edge)));
  return set.member ? [prefix, ...below] : below;
}

function readable(edge: string): string {
  const text = edge.slice(2);
  if (edge.startsWith('f:')) return `.${text}`;
  if (edge.startsWith('v:')) return `[=${text}]`;
  const keys = Object.entries(JSON.parse(text) as JsonObject);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}

export function toFieldsV1(set: FieldSet): JsonObject {
  const children = [...set.children]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([edge, child]) => [edge, toFieldsV1(child)] as const);
  const itself = set.member && children.length > 0 ? [['.', {}] as const] : [];
  return Object.fromEntries([...itself, ...children]);
}

export function fromFieldsV1(fieldsV1: unknown): FieldSet {
  return isObject(fieldsV1) ? read(fieldsV1, false) : noFields;
}

function read(fieldsV1: JsonObject, below: boolean): FieldSet {
  const { '.': itself, ...children } = fieldsV1;
  const entries = Object.entries(children);
  const member = itself !== undefined || (below && entries.length === 0);
  return branch(
    entries.map(([edge, child]) => [edge, isObject(child) ? read(child, true) : noFields]),
    member,
  );
}

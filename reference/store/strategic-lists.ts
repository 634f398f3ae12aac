import { isObject, type JsonObject, sameValue } from './json.ts';
import { anything, type Schema } from './schema.ts';
import { badRequest } from './status-error.ts';

type MergeMaps = (target: JsonObject, patch: JsonObject, schema: Schema) => JsonObject;

/** A list with the items of a patch laid over it; a list without keys is replaced. */
export function mergeItems(
  current: readonly unknown[],
  patch: readonly unknown[],
  schema: Schema,
  mergeMaps: MergeMaps,
): unknown[] {
  const { items: itemSchema = anything } = schema;
  const key = schema.keys?.[0];
  if (schema.set === true) {
    const added = patch.filter((item, index) => patch.findIndex((one) => sameValue(one, item)) === index);
    const kept = current.filter((item) => !contains(added, item, undefined));
    return interleave(kept, added, current, undefined);
  }
  const fresh = (item: unknown) => (isObject(item) ? mergeMaps({}, item, itemSchema) : item);
  if (key === undefined) return patch.filter((item) => !isDirective(item)).map(fresh);

  const items = patch.map((item) => {
    if (!isObject(item)) throw badRequest(`an item of a list merged by ${key} must be a map`);
    return item;
  });
  if (items.some((item) => isDirective(item) && item.$patch === 'replace')) {
    return items.filter((item) => !isDirective(item)).map(fresh);
  }
  for (const item of items) {
    if (item[key] === undefined) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
  }
  const deleted = items.filter((item) => item.$patch === 'delete');
  const left = current.filter((item) => !contains(deleted, item, key));
  const merged: unknown[] = [];
  for (const item of items) {
    if (deleted.includes(item)) continue;
    const target = contains(merged, item, key) ?? contains(left, item, key);
    const next = mergeMaps(isObject(target) ? target : {}, item, itemSchema);
    const place = merged.indexOf(target);
    if (place < 0) merged.push(next);
    else merged[place] = next;
  }
  const kept = left.filter((item) => !contains(merged, item, key));
  return interleave(kept, merged, current, key);
}

/**
 * A list in the order a patch asks for; items the order does not name stay where they were before.
 *
 * @param before the list before the patch.
 */
export function orderItems(
  list: readonly unknown[],
  order: readonly unknown[],
  before: readonly unknown[],
  schema: Schema,
): unknown[] {
  const key = schema.keys?.[0];
  if (key === undefined && schema.set !== true) return [...list];
  const named = order.flatMap((item) => {
    const found = list.find((one) => isSame(one, item, key));
    return found === undefined ? [] : [found];
  });
  const others = list.filter((item) => !contains(order, item, key));
  return interleave(others, named, before, key);
}

/** Puts those of the object between those of the patch, by where they were before. */
function interleave(
  ours: readonly unknown[],
  theirs: readonly unknown[],
  before: readonly unknown[],
  key: string | undefined,
): unknown[] {
  const placeOf = (item: unknown) => before.findIndex((one) => isSame(one, item, key));
  const result: unknown[] = [];
  let next = 0;
  for (const item of theirs) {
    const place = placeOf(item);
    while (place >= 0 && next < ours.length && isBefore(placeOf(ours[next]), place)) {
      result.push(ours[next]);
      next += 1;
    }
    result.push(item);
  }
  return [...result, ...ours.slice(next)];
}

function isBefore(one: number, other: number): boolean {
  return one >= 0 && one < other;
}

function contains(list: readonly unknown[], item: unknown, key: string | undefined): unknown {
  return list.find((one) => isSame(one, item, key));
}

function isSame(one: unknown, other: unknown, key: string | undefined): boolean {
  if (key === undefined) return sameValue(one, other);
  return isObject(one) && isObject(other) && sameValue(one[key], other[key]);
}

/** An item that is nothing but a directive for the whole list. */
function isDirective(item: unknown): item is JsonObject {
  return isObject(item) && '$patch' in item && Object.keys(item).length === 1;
}

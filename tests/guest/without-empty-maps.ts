import { isObject } from '../../reference/store/json.ts';

/** As an API server stores it: a map that has become empty is left out. */
export function withoutEmptyMaps(value: unknown): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, withoutEmptyMaps(inner)] as const)
    .filter(([, inner]) => !isObject(inner) || Object.keys(inner).length > 0);
  return Object.fromEntries(entries);
}

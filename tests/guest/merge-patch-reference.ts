import type { MergePatch } from '../../fixtures/guest/journal.ts';

/** Applies a merge patch, word by word as in RFC 7396, section 2. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: MergePatch = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = applyMergePatch(result[name], value);
  }
  return result;
}

export function isObject(value: unknown): value is MergePatch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As an API server stores it: a map that has become empty is left out. */
export function withoutEmptyMaps(value: unknown): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, withoutEmptyMaps(inner)] as const)
    .filter(([, inner]) => !isObject(inner) || Object.keys(inner).length > 0);
  return Object.fromEntries(entries);
}

import type { Permission } from './permission.ts';

/** More than this is no sentence any more; the manifest has the rest. */
const most = 8;

/**
 * Permissions in the words of a sentence that begins with "may not": `get and watch pods; patch configmaps istio in
 * istio-system`.
 */
export function inWords(permissions: readonly Permission[]): string {
  const verbs = new Map<string, Set<string>>();
  for (const permission of permissions) {
    const what = objectOf(permission);
    verbs.set(what, (verbs.get(what) ?? new Set()).add(permission.verb));
  }
  const all = [...verbs].map(([what, some]) => `${listed([...some])} ${what}`);
  const more = all.length - most;
  return more > 0 ? `${all.slice(0, most).join('; ')}; and ${more} more` : all.join('; ');
}

function objectOf({ group, resource, subresource, name, namespace }: Permission): string {
  const type = group === '' ? resource : `${resource}.${group}`;
  const whole = subresource === undefined ? type : `${type}/${subresource}`;
  const one = name === undefined ? whole : `${whole} ${name}`;
  return namespace === undefined ? one : `${one} in ${namespace}`;
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

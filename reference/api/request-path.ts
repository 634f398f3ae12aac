/** What a path below `/api/v1` or `/apis/<group>/<version>` names. */
export interface ResourcePath {
  /** Empty for the core group. */
  group: string;
  version: string;
  plural: string;
  namespace?: string;
  name?: string;
  subresource?: string;
}

/**
 * Reads the path of a resource (kubernetes.io/docs/reference/using-api/api-concepts, "Resource URIs").
 *
 * @returns undefined when the path has another form, which a server answers with a plain 404.
 */
export function resourcePath(pathname: string): ResourcePath | undefined {
  const parts = segments(pathname);
  if (parts === undefined) return undefined;
  const [root, ...below] = parts;
  const [group, version, ...rest] = root === 'api' ? ['', ...below] : below;
  if ((root !== 'api' && root !== 'apis') || group === undefined || version === undefined) return undefined;
  // `/namespaces/x` is the Namespace itself, and so are its subresources.
  const scoped = rest[0] === 'namespaces' && rest.length > 2 && !namespaceSubresources.has(rest[2] ?? '');
  const [plural, name, subresource, ...more] = scoped ? rest.slice(2) : rest;
  if (plural === undefined || more.length > 0) return undefined;
  return {
    group,
    version,
    plural,
    ...(scoped && rest[1] !== undefined && { namespace: rest[1] }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
}

const namespaceSubresources = new Set(['status', 'finalize']);

/** The decoded segments; undefined when one is empty or not decodable. */
function segments(pathname: string): string[] | undefined {
  try {
    const parts = pathname.slice(1).split('/').map(decodeURIComponent);
    return parts.includes('') ? undefined : parts;
  } catch {
    return undefined;
  }
}

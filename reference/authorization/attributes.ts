/** What a request asks for, in the terms of authorisation (kubernetes `staging/src/k8s.io/apiserver/pkg/authorization/authorizer`). */
export type Attributes = ResourceAttributes | PathAttributes;

export interface ResourceAttributes {
  verb: string;
  /** Empty for the core group. */
  group: string;
  resource: string;
  subresource: string;
  /** Empty for what is asked of the whole cluster. */
  namespace: string;
  /** Empty for what is asked of no certain object. */
  name: string;
}

/** Of a path that is no resource's, such as `/version`. */
export interface PathAttributes {
  verb: string;
  path: string;
}

export function isOfPath(attributes: Attributes): attributes is PathAttributes {
  return 'path' in attributes;
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const namespaceSubresources = new Set(['status', 'finalize']);

/**
 * Reads a request as the API server does before it asks whether it is allowed (kubernetes `staging/src/k8s.io/apiserver/
 * pkg/endpoints/request/requestinfo.go`). Two things there are not to be seen from the path: a Namespace is within
 * itself, and a collection that is narrowed to one name by a field selector has that name.
 */
export function attributesOf({
  method,
  pathname,
  query,
}: {
  method: string;
  pathname: string;
  query: URLSearchParams;
}): Attributes {
  const parts = pathname.split('/').filter((part) => part !== '');
  const [root, ...below] = parts;
  const path = { verb: method.toLowerCase(), path: pathname };
  if ((root !== 'api' && root !== 'apis') || below.length < (root === 'api' ? 2 : 3)) return path;
  const [group = '', , ...rest] = root === 'api' ? ['', ...below] : below;
  const namespace = rest[0] === 'namespaces' ? (rest[1] ?? '') : '';
  const scoped = namespace !== '' && rest.length > 2 && !namespaceSubresources.has(rest[2] ?? '');
  const [resource = '', named = '', subresource = ''] = scoped ? rest.slice(2) : rest;
  const name = decodeURIComponent(named);
  const ofOne = { group, resource, subresource, namespace };
  if (name !== '') return { verb: verbs[method] ?? '', ...ofOne, name };
  return { verb: collectionVerb(method, query), ...ofOne, name: nameSelected(query) };
}

function collectionVerb(method: string, query: URLSearchParams): string {
  if (method === 'DELETE') return 'deletecollection';
  if (verbs[method] !== 'get') return verbs[method] ?? '';
  const watch = query.get('watch')?.toLowerCase();
  return watch === undefined || watch === 'false' || watch === '0' ? 'list' : 'watch';
}

function nameSelected(query: URLSearchParams): string {
  const terms = query.get('fieldSelector')?.split(',') ?? [];
  return terms.map((term) => /^metadata\.name==?([^=]+)$/.exec(term)?.[1]).find(Boolean) ?? '';
}

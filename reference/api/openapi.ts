import type { ServedGroup, ServedResource, ServedVersion } from './catalogue.ts';
import { json, type Reply } from './reply.ts';
import { acceptable } from './represent.ts';

/**
 * Answers `/openapi/v3` and the documents it lists, and `/openapi/v2`. They say no more than kubectl looks for: which
 * kinds can be created and patched, and that the server itself validates their fields. No schema lists any field.
 *
 * @returns undefined for other paths.
 * @throws StatusError 406 for a client that takes no JSON.
 */
export function openApiAt(
  groups: readonly ServedGroup[],
  pathname: string,
  accept: string | undefined,
  version: string,
): Reply | undefined {
  const info = { title: 'Kubernetes', version };
  if (pathname === '/openapi/v2') {
    if (accept?.includes(askedV2)) return { form: 'text', code: 200, text: emptyV2, contentType: protobufV2 };
    acceptable(accept);
    return json({ swagger: '2.0', info, paths: pathsOf(documents(groups)), definitions: {} });
  }
  if (pathname === '/openapi/v3') return json({ paths: indexOf(groups) });
  const document = documents(groups).find(({ path }) => pathname === `/openapi/v3/${path}`);
  if (document === undefined) return undefined;
  acceptable(accept);
  return json({
    openapi: '3.0.0',
    info,
    paths: pathsOf([document]),
    components: { schemas: schemasOf(document) },
  });
}

// What clients ask for has a character that a content type may not have.
const askedV2 = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const protobufV2 = askedV2.replace('@', '.');
/**
 * A document that says its version (field 1) and nothing else. kubectl reads v2 in protobuf alone, and only for kinds
 * that v3 does not have: there it has to learn that v2 does not have them either.
 */
const emptyV2 = '\n\u00032.0';

interface Document {
  /** Below `/openapi/v3`, and where its kinds are served. */
  path: string;
  resources: ServedResource[];
}

function documents(groups: readonly ServedGroup[]): Document[] {
  return groups.flatMap(({ name, versions }) =>
    versions.map(({ version, resources }) => ({ path: pathOf(name, { version }), resources })),
  );
}

function pathOf(group: string, { version }: Pick<ServedVersion, 'version'>): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function indexOf(groups: readonly ServedGroup[]): Record<string, object> {
  return Object.fromEntries(
    documents(groups).map(({ path }) => [path, { serverRelativeURL: `/openapi/v3/${path}` }]),
  );
}

function pathsOf(all: readonly Document[]): Record<string, object> {
  return Object.fromEntries(
    all.flatMap(({ path, resources }) =>
      resources.flatMap(({ type, responseKind, verbs }) => {
        const collection = type.namespaced
          ? `/${path}/namespaces/{namespace}/${type.plural}`
          : `/${path}/${type.plural}`;
        const operation = (action: string) => ({
          'x-kubernetes-action': action,
          'x-kubernetes-group-version-kind': responseKind,
          parameters: queryParameters,
          responses: {},
        });
        const create = [collection, { post: operation('post') }] as const;
        const change = [
          `${collection}/{name}`,
          { get: operation('get'), put: operation('put'), patch: operation('patch') },
        ] as const;
        return verbs.includes('patch') ? [create, change] : [create];
      }),
    ),
  );
}

const queryParameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));

function schemasOf({ resources }: Document): Record<string, object> {
  return Object.fromEntries(
    resources.map(({ responseKind }) => {
      const { group, version, kind } = responseKind;
      const name = `${group.split('.').reverse().join('.') || 'core'}.${version}.${kind}`;
      return [
        name,
        {
          type: 'object',
          'x-kubernetes-group-version-kind': [responseKind],
          'x-kubernetes-preserve-unknown-fields': true,
        },
      ];
    }),
  );
}

import type { GroupVersionKind, ServedGroup, ServedResource, ServedVersion } from './catalogue.ts';
import { wantsAggregatedDiscovery } from './negotiation.ts';
import { json, type Reply } from './reply.ts';

/**
 * Answers the paths that tell what is served: `/api`, `/apis`, groups and versions.
 *
 * @returns undefined for other paths.
 */
export function discoveryAt(
  groups: readonly ServedGroup[],
  pathname: string,
  accept: string | undefined,
): Reply | undefined {
  const [root, ...rest] = pathname.slice(1).split('/');
  const core = groups.filter(({ name }) => name === '');
  const named = groups.filter(({ name }) => name !== '');
  if (root === 'api') {
    if (rest.length === 0) {
      return wantsAggregatedDiscovery(accept) ? aggregated(core) : json(coreVersions(core));
    }
    return rest.length === 1 ? versionAt(core[0], rest[0]) : undefined;
  }
  if (root !== 'apis') return undefined;
  if (rest.length === 0) return wantsAggregatedDiscovery(accept) ? aggregated(named) : json(groupList(named));
  const group = named.find(({ name }) => name === rest[0]);
  if (group === undefined) return undefined;
  if (rest.length === 1) return json({ kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) });
  return rest.length === 2 ? versionAt(group, rest[1]) : undefined;
}

function coreVersions(core: readonly ServedGroup[]) {
  return {
    kind: 'APIVersions',
    versions: core.flatMap(({ versions }) => versions.map(({ version }) => version)),
    serverAddressByClientCIDRs: [],
  };
}

function groupList(groups: readonly ServedGroup[]) {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupEntry) };
}

function groupEntry({ name, versions }: ServedGroup) {
  const entries = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

function versionAt(group: ServedGroup | undefined, version: string | undefined): Reply | undefined {
  const served = group?.versions.find((one) => one.version === version);
  if (group === undefined || served === undefined) return undefined;
  return json({
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group.name === '' ? served.version : `${group.name}/${served.version}`,
    resources: served.resources.flatMap(resourceEntries),
  });
}

function resourceEntries({ type, verbs, subresources }: ServedResource) {
  const { plural, singular, namespaced, kind, shortNames, categories } = type;
  const whole = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories !== undefined && { categories }),
  };
  const parts = subresources.map(({ subresource, responseKind, verbs }) => ({
    name: `${plural}/${subresource}`,
    singularName: '',
    namespaced,
    ...foreign(responseKind, type.group),
    kind: responseKind.kind,
    verbs,
  }));
  return [whole, ...parts];
}

/** Only where a subresource has another group than its resource does discovery say which. */
function foreign({ group, version }: GroupVersionKind, own: string) {
  return group === own ? {} : { group, version };
}

function aggregated(groups: readonly ServedGroup[]): Reply {
  return {
    form: 'json',
    code: 200,
    contentType: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    body: {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items: groups.map(({ name, versions }) => ({
        metadata: { name, creationTimestamp: null },
        versions: versions.map(aggregatedVersion),
      })),
    },
  };
}

function aggregatedVersion({ version, resources }: ServedVersion) {
  return {
    version,
    freshness: 'Current',
    resources: resources.map(({ type, responseKind, verbs, subresources }) => ({
      resource: type.plural,
      responseKind,
      scope: type.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: type.singular,
      verbs,
      ...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
      ...(type.categories !== undefined && { categories: type.categories }),
      ...(subresources.length > 0 && { subresources }),
    })),
  };
}

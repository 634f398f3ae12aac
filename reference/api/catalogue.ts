import type { ResourceType } from '../store/resource-type.ts';
import { reviews } from './reviews.ts';

/** A group and version of one kind. */
export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

/** What can be done with a part of an object. */
export interface ServedSubresource {
  subresource: string;
  responseKind: GroupVersionKind;
  verbs: string[];
}

/** A kind in one of its versions, as discovery tells of it. */
export interface ServedResource {
  type: ResourceType;
  responseKind: GroupVersionKind;
  verbs: string[];
  subresources: ServedSubresource[];
}

export interface ServedVersion {
  version: string;
  resources: ServedResource[];
}

export interface ServedGroup {
  /** Empty for the core group. */
  name: string;
  /** The preferred one first. */
  versions: ServedVersion[];
}

const storedVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const partVerbs = ['get', 'patch', 'update'];

/** Everything that is served, by group and version, in the order of the types. */
export function catalogueOf(types: readonly ResourceType[]): ServedGroup[] {
  const all = [...types, ...reviews.map(({ type }) => type)];
  const groups = [...new Set(all.map(({ group }) => group))];
  return groups.map((name) => {
    const members = all.filter(({ group }) => group === name);
    const versions = [...new Set(members.flatMap((type) => type.versions))].sort(byMaturity);
    return {
      name,
      versions: versions.map((version) => ({
        version,
        resources: members
          .filter((type) => type.versions.includes(version))
          .map((type) => served(type, version)),
      })),
    };
  });
}

function served(type: ResourceType, version: string): ServedResource {
  const responseKind = { group: type.group, version, kind: type.kind };
  return {
    type,
    responseKind,
    verbs: verbsOf(type),
    subresources: type.subresources.map((subresource) => partOf(subresource, responseKind)),
  };
}

function verbsOf(type: ResourceType): string[] {
  if (reviews.some((review) => review.type === type)) return ['create'];
  // Namespaces are deleted one by one, since each takes all that is in it along.
  if (type.group === '' && type.kind === 'Namespace') {
    return storedVerbs.filter((verb) => verb !== 'deletecollection');
  }
  return storedVerbs;
}

function partOf(subresource: string, whole: GroupVersionKind): ServedSubresource {
  switch (subresource) {
    case 'scale':
      return {
        subresource,
        responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
        verbs: partVerbs,
      };
    case 'exec':
      return { subresource, responseKind: { ...whole, kind: 'PodExecOptions' }, verbs: ['create', 'get'] };
    case 'log':
      return { subresource, responseKind: whole, verbs: ['get'] };
    case 'token':
      return {
        subresource,
        responseKind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
        verbs: ['create'],
      };
    case 'finalize':
      return { subresource, responseKind: whole, verbs: ['update'] };
    default:
      return { subresource, responseKind: whole, verbs: partVerbs };
  }
}

/** Stable versions first, then beta, then alpha; within each the larger number first. */
function byMaturity(one: string, other: string): number {
  return maturity(other) - maturity(one);
}

function maturity(version: string): number {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return -1;
  const [, major = '0', stage, minor = '0'] = match;
  const rank = stage === undefined ? 2 : stage === 'beta' ? 1 : 0;
  return rank * 1_000_000 + Number(major) * 1_000 + Number(minor);
}

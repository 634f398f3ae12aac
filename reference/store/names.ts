import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { ResourceType } from './resource-type.ts';
import { badRequest } from './status-error.ts';

// Kubernetes leaves out vowels and digits that look like letters, so that no words come about
// (`staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go`).
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

// A base is cut so that name and suffix fit a DNS label (`apiserver/pkg/storage/names/generate.go`).
const longestBase = 58;

/** A number of random characters as Kubernetes puts them at the end of generated names. */
export function randomSuffix(length = 5): string {
  const bytes = crypto.getRandomValues(new Uint32Array(length));
  return Array.from(bytes, (value) => alphabet[value % alphabet.length]).join('');
}

/** Where an object lies among those of its kind. */
export function placeOf(type: ResourceType, name: string, namespace: string | undefined): string {
  return type.namespaced ? `${namespace ?? ''}/${name}` : name;
}

/**
 * An object with its name, made from `generateName` when it has none, and without the namespace of a cluster-wide
 * kind.
 *
 * @throws StatusError BadRequest when a name or namespace is missing.
 */
export function assignName(
  type: ResourceType,
  object: KubeObject,
  taken: (name: string, namespace: string | undefined) => boolean,
): KubeObject {
  const { namespace, ...rest } = object.metadata;
  if (type.namespaced && !namespace) throw badRequest('an empty namespace may not be set during creation');
  const metadata = type.namespaced ? { ...rest, namespace: namespace! } : rest;
  if (metadata.name) return { ...object, metadata };
  const base = metadata.generateName;
  if (typeof base !== 'string' || base === '') throw badRequest('name or generateName is required');
  let name: string;
  do name = `${base.slice(0, longestBase)}${randomSuffix()}`;
  while (taken(name, namespace));
  return { ...object, metadata: { ...metadata, name } };
}

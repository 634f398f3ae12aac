import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { keyOf, type ResourceType } from './resource-type.ts';
import { invalid, type StatusCause } from './status-error.ts';

interface NameRule {
  longest: number;
  pattern: string;
  message: string;
}

// Worded as in `apimachinery/pkg/util/validation/validation.go`.
const subdomain: NameRule = {
  longest: 253,
  pattern: String.raw`[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*`,
  message:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com'",
};
const label: NameRule = {
  longest: 63,
  pattern: '[a-z0-9]([-a-z0-9]*[a-z0-9])?',
  message:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc'",
};
const serviceName: NameRule = {
  longest: 63,
  pattern: '[a-z]([-a-z0-9]*[a-z0-9])?',
  message:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123'",
};

/** A role is named by a segment of a path (`apimachinery/pkg/api/validation/path/name.go`). */
const segment: NameRule = {
  longest: Number.POSITIVE_INFINITY,
  pattern: String.raw`(?!\.{1,2}$)[^/%]+`,
  message: "may not be '.' or '..', nor contain '/' or '%'",
};

const nameRules: { readonly [key: string]: NameRule } = {
  Namespace: label,
  Service: serviceName,
  'Role.rbac.authorization.k8s.io': segment,
  'ClusterRole.rbac.authorization.k8s.io': segment,
  'RoleBinding.rbac.authorization.k8s.io': segment,
  'ClusterRoleBinding.rbac.authorization.k8s.io': segment,
};

/**
 * Checks the name of a new object.
 *
 * @throws StatusError Invalid.
 */
export function validateName(type: ResourceType, { metadata: { name } }: KubeObject): void {
  const { longest, pattern, message } = nameRules[keyOf(type)] ?? subdomain;
  const problems = [
    ...(name.length > longest ? [`must be no more than ${longest} characters`] : []),
    ...(new RegExp(`^${pattern}$`).test(name)
      ? []
      : [`${message}, regex used for validation is '${pattern}')`]),
  ];
  refuse(
    type,
    name,
    problems.map((problem) => invalidValue('metadata.name', name, problem)),
  );
}

const immutable = [
  'name',
  'namespace',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

/**
 * Checks that an update leaves alone what only the API sets, and adds no finalizer to what is being deleted.
 *
 * @throws StatusError Invalid.
 */
export function validateMetadataUpdate(type: ResourceType, current: KubeObject, next: KubeObject): void {
  const causes = immutable
    .filter((field) => next.metadata[field] !== current.metadata[field])
    .map((field) => invalidValue(`metadata.${field}`, next.metadata[field] ?? '', 'field is immutable'));
  refuse(type, current.metadata.name, [...causes, ...strayFinalizers(current, next)]);
}

export function finalizersOf({ metadata }: KubeObject): string[] {
  const { finalizers } = metadata;
  return Array.isArray(finalizers) ? finalizers.map(String) : [];
}

export function invalidValue(field: string, value: unknown, why: string): StatusCause {
  return {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
    field,
  };
}

function strayFinalizers(current: KubeObject, next: KubeObject): StatusCause[] {
  if (current.metadata.deletionTimestamp === undefined) return [];
  const before = finalizersOf(current);
  const added = finalizersOf(next).filter((finalizer) => !before.includes(finalizer));
  if (added.length === 0) return [];
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const why = 'no new finalizers can be added if the object is being deleted, found new finalizers';
  return [
    {
      reason: 'FieldValueForbidden',
      message: `Forbidden: ${why} []string{${list}}`,
      field: 'metadata.finalizers',
    },
  ];
}

function refuse(type: ResourceType, name: string, causes: readonly StatusCause[]): void {
  if (causes.length > 0) throw invalid(type, name, causes);
}

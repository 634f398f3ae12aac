import type { StatusError } from '../store/status-error.ts';
import { forbidden } from '../store/status-error.ts';
import { type Attributes, isOfPath, type ResourceAttributes } from './attributes.ts';
import type { User } from './user.ts';

/** One question that is asked before a request is carried out. */
export interface Check {
  /** One of these must be allowed. */
  anyOf: readonly Attributes[];
  /** What it is refused with. */
  refusal: (user: User) => StatusError;
}

/** The question that every request is asked, in the API server's own words (`…/responsewriters/errors.go`). */
export function plainCheck(attributes: Attributes): Check {
  return { anyOf: [attributes], refusal: (user) => refusalOf(attributes, user) };
}

function refusalOf(attributes: Attributes, user: User): StatusError {
  if (isOfPath(attributes)) {
    return forbidden(`forbidden: User "${user.name}" cannot ${attributes.verb} path "${attributes.path}"`);
  }
  const { verb, group, resource, subresource, namespace } = attributes;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return forbiddenTo(
    attributes,
    `User "${user.name}" cannot ${verb} resource "${whole}" in API group "${group}" ${where}`,
  );
}

/** A refusal with its reason, named after the object that was asked for. */
export function forbiddenTo({ group, resource, name }: ResourceAttributes, why: string): StatusError {
  const type = group === '' ? resource : `${resource}.${group}`;
  const what = name === '' ? type : `${type} "${name}"`;
  const details = {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    kind: resource,
  };
  return forbidden(`${what} is forbidden: ${why}`, details);
}

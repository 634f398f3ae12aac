import { qualifiedResource, type ResourceType } from './resource-type.ts';

/** One of the reasons that a `Status` gives in its details. */
export interface StatusCause {
  reason: string;
  message: string;
  /** A path such as `spec.replicas`. */
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  /** The plural resource name, or the kind when the object is invalid. */
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** Kubernetes' `Status` as a client receives it in place of an object. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, never>;
  status: 'Failure';
  message: string;
  reason: string;
  details?: StatusDetails;
  code: number;
}

/**
 * A request the API refuses. Messages and reasons are worded as a real API server words them, because clients print
 * and parse them (Kubernetes `staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go`).
 */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  /** The HTTP status. */
  readonly code: number;
  /** Such as `NotFound`. */
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

type Named = Pick<ResourceType, 'group' | 'plural'>;

export function notFound(type: Named, name: string): StatusError {
  const message = `${qualifiedResource(type)} "${name}" not found`;
  return new StatusError(404, 'NotFound', message, detailsOf(type, name));
}

export function alreadyExists(type: Named, name: string): StatusError {
  const message = `${qualifiedResource(type)} "${name}" already exists`;
  return new StatusError(409, 'AlreadyExists', message, detailsOf(type, name));
}

/** What a client that sent an old `resourceVersion` is told. */
export const modifiedMessage =
  'the object has been modified; please apply your changes to the latest version and try again';

/** @param message why, without the object's name; the one for an old `resourceVersion` when absent. */
export function conflict(type: Named, name: string, message: string = modifiedMessage): StatusError {
  const text = `Operation cannot be fulfilled on ${qualifiedResource(type)} "${name}": ${message}`;
  return new StatusError(409, 'Conflict', text, detailsOf(type, name));
}

/**
 * An object that its rules refuse.
 *
 * @param causes each with its field and a message such as `Required value` or `Invalid value: "x": …`.
 */
export function invalid(
  type: Pick<ResourceType, 'group' | 'kind'>,
  name: string,
  causes: readonly StatusCause[],
): StatusError {
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  const parts = causes.map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`));
  const list = parts.length === 1 ? parts[0] : `[${parts.join(', ')}]`;
  const message = `${kind} "${name}" is invalid${parts.length === 0 ? '' : `: ${list}`}`;
  const details: StatusDetails = { name, ...groupOf(type), kind: type.kind };
  return new StatusError(422, 'Invalid', message, {
    ...details,
    ...(causes.length === 0 ? {} : { causes: [...causes] }),
  });
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

/** A revision that is no longer remembered: the client must list again. */
export function gone(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

export function forbidden(message: string, details?: StatusDetails): StatusError {
  return new StatusError(403, 'Forbidden', message, details);
}

/** What an admission plugin says of an object it does not let in. */
export function forbiddenObject(type: Named, name: string, why: string, causes?: StatusCause[]): StatusError {
  return forbidden(`${qualifiedResource(type)} "${name}" is forbidden: ${why}`, {
    ...detailsOf(type, name),
    ...(causes === undefined ? {} : { causes }),
  });
}

export function methodNotAllowed(
  message = 'the server does not allow this method on the requested resource',
): StatusError {
  return new StatusError(405, 'MethodNotAllowed', message);
}

export function unsupportedMediaType(message: string): StatusError {
  return new StatusError(415, 'UnsupportedMediaType', message);
}

function detailsOf(type: Named, name: string): StatusDetails {
  return { name, ...groupOf(type), kind: type.plural };
}

function groupOf({ group }: { group: string }): { group?: string } {
  return group === '' ? {} : { group };
}

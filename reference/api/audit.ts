import { randomUUID } from 'node:crypto';
import { type Attributes, isOfPath } from '../authorization/attributes.ts';
import type { Check } from '../authorization/check.ts';
import type { ApiRequest } from './request.ts';

/**
 * One line of an audit log: an Event of audit.k8s.io/v1 at level Metadata and stage ResponseComplete (kubernetes
 * `staging/src/k8s.io/apiserver/pkg/apis/audit/v1/types.go`). There is none for a client that is not known.
 */
export interface AuditEvent {
  kind: 'Event';
  apiVersion: 'audit.k8s.io/v1';
  level: 'Metadata';
  auditID: string;
  stage: 'ResponseComplete';
  requestURI: string;
  verb: string;
  user: { username: string; groups: readonly string[] };
  sourceIPs: string[];
  userAgent?: string;
  /** Absent for a path that is no resource's. */
  objectRef?: ObjectReference;
  responseStatus: { metadata: Record<string, never>; code: number };
  requestReceivedTimestamp: string;
  stageTimestamp: string;
  /** Under `alsoAsked`, the further questions that the request was asked, as JSON. */
  annotations: Record<string, string>;
}

export interface ObjectReference {
  resource: string;
  namespace?: string;
  name?: string;
  apiGroup?: string;
  apiVersion?: string;
  subresource?: string;
}

/** The annotation for what a real log tells in events of its own, or not at all: a list of `AlsoAsked`. */
export const alsoAsked = 'reference.alp-conformance/also-asked';

/** A further question, any of whose `anyOf` allows the request. */
export interface AlsoAsked {
  anyOf: { verb: string; objectRef: ObjectReference }[];
}

/** Told of each event when its response is complete: that of a watch when the watch is over. */
export type AuditSink = (event: AuditEvent) => void;

/** The event of a request, but for how it ends. */
export function auditEvent(
  request: ApiRequest,
  uri: string,
  { checks: [first, ...others], allowed }: { checks: readonly Check[]; allowed: boolean },
  received: Date,
): (code: number) => AuditEvent {
  const attributes = first?.anyOf[0];
  const userAgent = request.headers['user-agent'];
  const version = /^\/(?:api|apis\/[^/]+)\/([^/]+)/.exec(request.pathname)?.[1];
  return (code) => ({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: randomUUID(),
    stage: 'ResponseComplete',
    requestURI: uri,
    verb: attributes?.verb ?? '',
    user: { username: request.user.name, groups: request.user.groups },
    sourceIPs: ['127.0.0.1'],
    ...(userAgent !== undefined && { userAgent }),
    ...(attributes !== undefined &&
      !isOfPath(attributes) && {
        objectRef: { ...refOf(attributes), ...(version && { apiVersion: version }) },
      }),
    responseStatus: { metadata: {}, code },
    requestReceivedTimestamp: received.toISOString(),
    stageTimestamp: new Date().toISOString(),
    annotations: {
      'authorization.k8s.io/decision': allowed ? 'allow' : 'forbid',
      ...(others.length > 0 && { [alsoAsked]: JSON.stringify(others.map(told)) }),
    },
  });
}

function told({ anyOf }: Check): AlsoAsked {
  return { anyOf: anyOf.map((attributes) => ({ verb: attributes.verb, objectRef: refOf(attributes) })) };
}

function refOf(attributes: Attributes): ObjectReference {
  if (isOfPath(attributes)) return { resource: attributes.path };
  const { resource, subresource, namespace, name, group } = attributes;
  return {
    resource,
    ...(namespace !== '' && { namespace }),
    ...(name !== '' && { name }),
    ...(group !== '' && { apiGroup: group }),
    ...(subresource !== '' && { subresource }),
  };
}

import { readFileSync } from 'node:fs';
import {
  type AlsoAsked,
  type AuditEvent,
  alsoAsked,
  type ObjectReference,
} from '../../reference/api/audit.ts';
import { account } from '../../scripts/permissions/manifest.ts';
import type { Permission } from '../../scripts/permissions/permission.ts';

/** One question that was asked before a request was carried out: some permission for any of these is enough. */
export interface Asked {
  /** For messages: what the client did. */
  request: string;
  anyOf: { verb: string; objectRef: ObjectReference }[];
}

const user = `system:serviceaccount:${account.namespace}:${account.name}`;

/** What every known user may do without any role of the suite's own. */
const forEveryone = /^self/;

/** The events of the suite's account in an audit log. */
export function eventsIn(auditLog: string): AuditEvent[] {
  const lines = readFileSync(auditLog, 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ user: { username } }) => username === user);
}

/** All that was asked about resources. */
export function askedIn(events: readonly AuditEvent[]): Asked[] {
  return events.flatMap(({ verb, objectRef, requestURI, annotations }) => {
    if (objectRef === undefined || forEveryone.test(objectRef.resource)) return [];
    const also = JSON.parse(annotations[alsoAsked] ?? '[]') as AlsoAsked[];
    const request = `${verb} ${requestURI}`;
    return [{ anyOf: [{ verb, objectRef }] }, ...also].map(({ anyOf }) => ({ request, anyOf }));
  });
}

/** Whether a permission is one that a question asks for. It is judged here anew, and not by the mesh. */
export function answers(permission: Permission, { anyOf }: Asked): boolean {
  return anyOf.some(({ verb, objectRef }) => {
    const { resource, subresource, apiGroup = '', namespace, name } = objectRef;
    return (
      permission.verb === verb &&
      permission.group === apiGroup &&
      permission.resource === resource &&
      permission.subresource === subresource &&
      (permission.namespace === undefined || permission.namespace === namespace) &&
      (permission.name === undefined || permission.name === name)
    );
  });
}

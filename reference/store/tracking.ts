import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { sameValue } from './json.ts';
import { type ManagerName, type Managers, readManagers, sameManagers, writeManagers } from './managers.ts';
import { ownAfterUpdate } from './ownership.ts';
import type { ResourceType } from './resource-type.ts';
import { schemaOf } from './schemas.ts';

/** A new object with its writer as owner of all it says. */
export function trackedNew(type: ResourceType, object: KubeObject, writer: ManagerName): KubeObject {
  return withManagers(object, ownAfterUpdate(undefined, object, new Map(), writer, schemaOf(type)));
}

/**
 * A changed object with its writer as owner of the changes. A client may hand over managedFields of its own making;
 * `[{}]` forgets them all. Objects that came into the store without any are not tracked until something is applied
 * to them (`apimachinery/pkg/util/managedfields/internal/fieldmanager.go` and `skipnonapplied.go`).
 *
 * @param next with the managedFields that the client sent, if any.
 */
export function trackedUpdate(
  type: ResourceType,
  current: KubeObject,
  next: KubeObject,
  writer: ManagerName,
): KubeObject {
  const managers = managersBefore(current, next);
  if (managers.size === 0) return withManagers(next, managers);
  return withManagers(next, ownAfterUpdate(current, next, managers, writer, schemaOf(type)));
}

/** The managers of an object something is applied to: whatever it has without any was there before the first time. */
export function managersToApplyTo(type: ResourceType, live: KubeObject, apiVersion: string): Managers {
  const managers = readManagers(live.metadata.managedFields);
  if (managers.size > 0) return managers;
  const { status, ...rest } = live;
  const owned = type.subresources.includes('status') || status === undefined ? rest : live;
  const writer: ManagerName = {
    manager: 'before-first-apply',
    operation: 'Update',
    apiVersion,
    subresource: '',
  };
  return ownAfterUpdate(undefined, owned, managers, writer, schemaOf(type));
}

export function withManagers(object: KubeObject, managers: Managers): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  const entries = writeManagers(managers);
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}

/** Whether two states of an object differ in no more than the times at which fields were owned. */
export function sameButTimes(one: KubeObject, other: KubeObject): boolean {
  return (
    sameValue(withManagers(one, new Map()), withManagers(other, new Map())) &&
    sameManagers(readManagers(one.metadata.managedFields), readManagers(other.metadata.managedFields))
  );
}

function managersBefore(current: KubeObject, next: KubeObject): Managers {
  const { managedFields } = next.metadata;
  if (sameValue(managedFields, [{}])) return new Map();
  const sent = readManagers(managedFields);
  return sent.size > 0 ? sent : readManagers(current.metadata.managedFields);
}

import { difference, type FieldSet, fromFieldsV1, isEmpty, sameFields, toFieldsV1 } from './field-set.ts';
import { isObject, type JsonObject } from './json.ts';

/** Who owns fields of an object, how it got them, and which. */
export interface Manager {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  /** Empty for the object itself. */
  subresource: string;
  /** When its fields last changed. */
  time?: string;
  fields: FieldSet;
}

/** The managers of an object by identity. An applier is the same in every version of the API. */
export type Managers = ReadonlyMap<string, Manager>;

export type ManagerName = Pick<Manager, 'manager' | 'operation' | 'apiVersion' | 'subresource'>;

export function identityOf({ manager, operation, apiVersion, subresource }: ManagerName): string {
  return JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource]);
}

export function readManagers(managedFields: unknown): Managers {
  const managers = new Map<string, Manager>();
  if (!Array.isArray(managedFields)) return managers;
  for (const entry of managedFields.filter(isObject)) {
    const { manager = '', operation, apiVersion = '', subresource = '', time, fieldsV1 } = entry;
    if (operation !== 'Apply' && operation !== 'Update') continue;
    const read: Manager = {
      manager: String(manager),
      operation,
      apiVersion: String(apiVersion),
      subresource: String(subresource),
      ...(typeof time === 'string' ? { time } : {}),
      fields: fromFieldsV1(fieldsV1),
    };
    managers.set(identityOf(read), read);
  }
  return managers;
}

/** `metadata.managedFields`: those who apply first, then by time and name; managers without fields are left out. */
export function writeManagers(managers: Managers): JsonObject[] {
  const owning = [...managers.values()].filter(({ fields }) => !isEmpty(fields));
  return owning.sort(inOrder).map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
    manager,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource === '' ? {} : { subresource }),
  }));
}

/** Whether the same managers own the same fields, whenever they got them. */
export function sameManagers(one: Managers, other: Managers): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([identity, { fields }]) => {
    const same = other.get(identity);
    return same !== undefined && sameFields(same.fields, fields);
  });
}

/** What the API server itself sets belongs to nobody (`apimachinery/pkg/util/managedfields/internal/stripmeta.go`). */
export function withoutSystemFields(fields: FieldSet): FieldSet {
  return difference(fields, systemFields);
}

const systemFields = fromFieldsV1({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:creationTimestamp': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:name': {},
    'f:namespace': {},
    'f:resourceVersion': {},
    'f:selfLink': {},
    'f:uid': {},
  },
});

function inOrder(one: Manager, other: Manager): number {
  const [a, b] = [one, other].map(({ operation, time, manager, apiVersion, subresource }) => [
    operation,
    time ?? '',
    manager,
    apiVersion,
    subresource,
  ]);
  const place = a!.findIndex((part, index) => part !== b![index]);
  return place < 0 ? 0 : a![place]! < b![place]! ? -1 : 1;
}

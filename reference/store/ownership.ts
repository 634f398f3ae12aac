import { applyMerge } from './apply-merge.ts';
import { compare } from './compare.ts';
import { applyConflict, type FieldConflict } from './conflicts.ts';
import { difference, intersection, isEmpty, recursiveDifference, sameFields, union } from './field-set.ts';
import { fieldsOf, withoutFields } from './fields-of.ts';
import {
  identityOf,
  type Manager,
  type ManagerName,
  type Managers,
  withoutSystemFields,
} from './managers.ts';
import type { Schema } from './schema.ts';
import { timestamp } from './store.ts';

/**
 * Who owns what after an ordinary write: the writer gets what it changed, everyone else loses that
 * (structured-merge-diff `merge/update.go`, `Update`).
 *
 * @param before undefined when the object is new.
 */
export function ownAfterUpdate(
  before: object | undefined,
  after: object,
  managers: Managers,
  writer: ManagerName,
  schema: Schema,
): Managers {
  const { added, modified, removed } = changes(before ?? {}, after, schema);
  const taken = union(added, modified);
  if (isEmpty(taken) && isEmpty(removed)) return managers;
  const next = losing(managers, taken, removed);
  if (isEmpty(taken)) return next;
  const identity = identityOf(writer);
  const fields = union(next.get(identity)?.fields ?? taken, taken);
  return new Map([...next, [identity, { ...writer, time: timestamp(), fields }]]);
}

/**
 * An object and its owners after a configuration is applied to it (structured-merge-diff `merge/update.go`, `Apply`):
 * the applier owns just what the configuration names; what it named last time and nobody else owns is removed.
 *
 * @throws StatusError Conflict when values change that others own, unless forced: then those others lose them.
 */
export function applied(
  live: object,
  config: object,
  managers: Managers,
  applier: ManagerName,
  schema: Schema,
  force: boolean,
): { object: object; managers: Managers } {
  const identity = identityOf(applier);
  const last = managers.get(identity);
  const fields = withoutSystemFields(fieldsOf(config, schema));
  const claimed: Managers = new Map([...managers, [identity, { ...applier, fields }]]);
  const merged = applyMerge(live, config, schema) as object;
  const object = last === undefined ? merged : pruned(merged, last, claimed, schema);
  const { added, modified, removed } = changes(live, object, schema);
  const changed = union(added, modified);

  const conflicts = conflictsWith(managers, identity, changed);
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);
  const others = new Map([...claimed].filter(([other]) => other !== identity));
  const next = new Map(losing(others, changed, removed));
  const unchanged =
    last !== undefined && sameFields(last.fields, fields) && isEmpty(changed) && isEmpty(removed);
  const { time = timestamp() } = unchanged ? last : {};
  if (!isEmpty(fields)) next.set(identity, { ...applier, time, fields });
  return { object, managers: next };
}

function pruned(merged: object, last: Manager, claimed: Managers, schema: Schema): object {
  const owned = union(...[...claimed.values()].map(({ fields }) => fields));
  const dropped = difference(intersection(fieldsOf(merged, schema), last.fields), owned);
  return withoutFields(merged, dropped, schema) as object;
}

function changes(before: object, after: object, schema: Schema): ReturnType<typeof compare> {
  const { added, modified, removed } = compare(before, after, schema);
  return {
    added: withoutSystemFields(added),
    modified: withoutSystemFields(modified),
    removed: withoutSystemFields(removed),
  };
}

function conflictsWith(managers: Managers, applier: string, changed: Manager['fields']): FieldConflict[] {
  return [...managers].flatMap(([identity, manager]) => {
    const fields = intersection(manager.fields, changed);
    return identity === applier || isEmpty(fields) ? [] : [{ manager, fields }];
  });
}

function losing(managers: Managers, taken: Manager['fields'], removed: Manager['fields']): Managers {
  const left = [...managers].map(
    ([identity, manager]) =>
      [
        identity,
        { ...manager, fields: recursiveDifference(difference(manager.fields, taken), removed) },
      ] as const,
  );
  return new Map(left.filter(([, { fields }]) => !isEmpty(fields)));
}

import { isObject, type JsonObject, sameValue } from './json.ts';
import { fieldOf, type Schema } from './schema.ts';
import { schemaOfObject } from './schemas.ts';
import { badRequest } from './status-error.ts';
import { mergeItems, orderItems } from './strategic-lists.ts';

const setOrder = '$setElementOrder/';
const deleteValues = '$deleteFromPrimitiveList/';
const retainKeys = '$retainKeys';

/**
 * Lays a strategic merge patch over an object of a built-in kind: null deletes a field, a list whose items have a
 * key is merged item by item, and directives (`$patch`, `$setElementOrder`, `$deleteFromPrimitiveList`,
 * `$retainKeys`) say the rest (Kubernetes `apimachinery/pkg/util/strategicpatch/patch.go`). Nothing is changed in
 * place. New items of a list come where the patch has them, so before items that only the object has.
 *
 * @param schema of the target; when absent, what the API knows of the kind that the target or the patch names.
 * @throws StatusError BadRequest for a directive that is wrong.
 */
export function strategicMerge(
  target: object,
  patch: object,
  schema: Schema = schemaOfObject({ ...patch, ...target }),
): JsonObject {
  return mergeMaps(target as JsonObject, patch as JsonObject, schema);
}

function mergeMaps(target: JsonObject, patch: JsonObject, schema: Schema): JsonObject {
  const { $patch: directive, ...changes } = patch;
  if (directive === 'delete') return {};
  if (directive === 'replace') return mergeMaps({}, changes, schema);
  if (directive !== undefined && directive !== 'merge') {
    throw badRequest(`unknown patch type found: ${JSON.stringify(directive)}`);
  }
  const merged = retaining(target, changes);
  for (const field of fieldsNamed(changes)) {
    const value = changes[field];
    if (value === null) {
      delete merged[field];
      continue;
    }
    const child = fieldOf(schema, field);
    const next = isObject(value)
      ? mergeMaps(isObject(merged[field]) ? merged[field] : {}, value, child)
      : mergeList(merged[field], field, changes, child);
    if (next !== undefined) merged[field] = next;
  }
  return merged;
}

/** A list as the patch leaves it, or any other value of the patch. */
function mergeList(current: unknown, field: string, patch: JsonObject, schema: Schema): unknown {
  const value = patch[field];
  const order = listOf(patch, setOrder + field);
  const deleted = listOf(patch, deleteValues + field);
  if (value !== undefined && !Array.isArray(value)) return value;
  if (!Array.isArray(current) && value === undefined) return current;
  let list: unknown[] = Array.isArray(current) ? current : [];
  if (deleted !== undefined) list = list.filter((item) => !deleted.some((one) => sameValue(one, item)));
  if (value !== undefined) list = mergeItems(list, value, schema, mergeMaps);
  return order === undefined ? list : orderItems(list, order, Array.isArray(current) ? current : [], schema);
}

/** The fields a patch changes, also those that only a directive names. */
function fieldsNamed(patch: JsonObject): Set<string> {
  return new Set(
    Object.keys(patch)
      .filter((field) => field !== retainKeys)
      .map((field) =>
        field.startsWith(setOrder) || field.startsWith(deleteValues)
          ? field.slice(field.indexOf('/') + 1)
          : field,
      ),
  );
}

/** A copy of the target with nothing but the fields that the patch says to keep. */
function retaining(target: JsonObject, patch: JsonObject): JsonObject {
  const kept = listOf(patch, retainKeys);
  if (kept === undefined) return { ...target };
  const stray = [...fieldsNamed(patch)].find((field) => patch[field] !== null && !kept.includes(field));
  if (stray !== undefined) throw badRequest(`${stray} is in the patch but not in its ${retainKeys} list`);
  return Object.fromEntries(Object.entries(target).filter(([field]) => kept.includes(field)));
}

function listOf(patch: JsonObject, directive: string): unknown[] | undefined {
  const list = patch[directive];
  if (list === undefined || Array.isArray(list)) return list;
  throw badRequest(`${directive} wants a list`);
}

/** A JSON object, as patches and objects of unknown shape are read. */
export type JsonObject = { [field: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two JSON values are the same; the order of fields does not matter, an undefined field is absent. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) && one.length === other.length && one.every((item, i) => sameValue(item, other[i]))
    );
  }
  if (!isObject(one) || !isObject(other)) return false;
  const fields = definedFields(one);
  return (
    fields.length === definedFields(other).length &&
    fields.every((field) => sameValue(one[field], other[field]))
  );
}

/** A deep copy that cannot be changed, without the fields that are undefined. */
export function frozenCopy<T>(value: T): T {
  return freeze(value) as T;
}

function freeze(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(freeze));
  if (!isObject(value)) return value;
  const entries = definedFields(value).map((field) => [field, freeze(value[field])] as const);
  return Object.freeze(Object.fromEntries(entries));
}

function definedFields(object: JsonObject): string[] {
  return Object.keys(object).filter((field) => object[field] !== undefined);
}

import type { JsonObject } from '../store/json.ts';

/**
 * The shape of a custom resource, in the terms of a structural schema (Kubernetes documentation,
 * "Specifying a structural schema"), as far as Calico's kinds need it.
 */
export type Schema =
  | { type: 'string'; enum?: readonly string[]; maxLength?: number }
  | { type: 'boolean' | 'number' | 'int-or-string' }
  | { type: 'integer'; minimum?: number; maximum?: number }
  | { type: 'array'; items: Schema; maxItems?: number }
  /** An object with fields of any name. */
  | { type: 'map'; values: Schema }
  | ObjectSchema
  /** An object of which nothing more is said. */
  | { type: 'struct' }
  /** Whatever it is, it is kept (`x-kubernetes-preserve-unknown-fields`). */
  | { type: 'any' };

export interface ObjectSchema {
  type: 'object';
  fields: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  /** Validation rules, which are checked only when everything else is right. */
  rules?: readonly SchemaRule[];
}

/** What a CRD states in CEL. */
export interface SchemaRule {
  holds: (value: JsonObject) => boolean;
  message: string;
  /** As the rule's `reason` in the CRD. */
  reason: 'FieldValueInvalid' | 'FieldValueForbidden';
}

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const integer: Schema = { type: 'integer' };
export const intOrString: Schema = { type: 'int-or-string' };
export const anything: Schema = { type: 'any' };
export const struct: Schema = { type: 'struct' };
export const textMap: Schema = { type: 'map', values: text };

export function listOf(items: Schema, maxItems?: number): Schema {
  return { type: 'array', items, ...(maxItems === undefined ? {} : { maxItems }) };
}

export function oneOf(...values: string[]): Schema {
  return { type: 'string', enum: values };
}

export function fieldsOf(
  fields: Readonly<Record<string, Schema>>,
  rest: Partial<ObjectSchema> = {},
): ObjectSchema {
  return { type: 'object', fields, ...rest };
}

/** The path of a field below another; the path of the object itself is empty. */
export function below(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

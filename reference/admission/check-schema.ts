import { isObject } from '../store/json.ts';
import type { StatusCause } from '../store/status-error.ts';
import { below, type Schema } from './schema.ts';

/** Errors after which validation rules are not evaluated (Kubernetes `apiextensions-apiserver` `customresource/strategy.go`). */
const blocking = [
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
];

const notChecked: StatusCause = {
  reason: 'FieldValueInvalid',
  field: '<nil>',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; ' +
    'correct the existing errors to complete validation',
};

/** What a CRD's schema has against a value, worded as the API server words it; nothing when it is right. */
export function schemaProblems(schema: Schema, value: unknown): StatusCause[] {
  const problems = shapeProblems(schema, value, '');
  if (problems.some(({ reason }) => blocking.includes(reason))) return [...problems, notChecked];
  return [...problems, ...brokenRules(schema, value, '')];
}

/** What is wrong with types, enumerations and limits. */
export function shapeProblems(schema: Schema, value: unknown, path: string): StatusCause[] {
  const wanted = typesOf(schema);
  if (wanted !== undefined && !wanted.includes(typeOf(value)) && !isWhole(schema, value)) {
    const type = typeOf(value);
    const why = `${path} in body must be of type ${wanted.join()}: "${type}"`;
    return [cause('FieldValueTypeInvalid', path, `Invalid value: "${type}": ${why}`)];
  }
  switch (schema.type) {
    case 'string':
      return stringProblems(schema, value as string, path);
    case 'integer':
      return limitProblems(schema, value as number, path);
    case 'array': {
      const items = value as unknown[];
      const { maxItems = Number.POSITIVE_INFINITY } = schema;
      const most = `Too many: ${items.length}: must have at most ${maxItems} items`;
      return [
        ...(items.length > maxItems ? [cause('FieldValueTooMany', path, most)] : []),
        ...items.flatMap((item, index) => shapeProblems(schema.items, item, `${path}[${index}]`)),
      ];
    }
    case 'map':
      return Object.entries(value as object).flatMap(([field, inner]) =>
        shapeProblems(schema.values, inner, below(path, field)),
      );
    case 'object': {
      const object = value as Record<string, unknown>;
      const missing = (schema.required ?? []).filter((field) => object[field] === undefined);
      return [
        ...missing.map((field) => cause('FieldValueRequired', below(path, field), 'Required value')),
        ...Object.entries(schema.fields)
          .filter(([field]) => object[field] !== undefined)
          .flatMap(([field, inner]) => shapeProblems(inner, object[field], below(path, field))),
      ];
    }
    default:
      return [];
  }
}

function stringProblems(schema: Schema & { type: 'string' }, value: string, path: string): StatusCause[] {
  const { enum: values, maxLength = Number.POSITIVE_INFINITY } = schema;
  if (value.length > maxLength) {
    return [cause('FieldValueTooLong', path, `Too long: may not be more than ${maxLength} bytes`)];
  }
  if (values === undefined || values.includes(value)) return [];
  const supported = values.map((one) => `"${one}"`).sort();
  const why = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.join(', ')}`;
  return [cause('FieldValueNotSupported', path, why)];
}

function limitProblems(schema: Schema & { type: 'integer' }, value: number, path: string): StatusCause[] {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (value >= minimum && value <= maximum) return [];
  const limit = value < minimum ? `greater than or equal to ${minimum}` : `less than or equal to ${maximum}`;
  const why = `${path} in body should be ${limit}`;
  return [cause('FieldValueInvalid', path, `Invalid value: ${value}: ${why}`)];
}

/** The validation rules that a value breaks, the outer ones first. */
function brokenRules(schema: Schema, value: unknown, path: string): StatusCause[] {
  if (schema.type === 'array' && Array.isArray(value)) {
    return value.flatMap((item, index) => brokenRules(schema.items, item, `${path}[${index}]`));
  }
  if (schema.type !== 'object' || !isObject(value)) return [];
  const broken = (schema.rules ?? []).filter(({ holds }) => !holds(value));
  return [
    ...broken.map(({ reason, message }) =>
      cause(
        reason,
        path,
        `${reason === 'FieldValueForbidden' ? 'Forbidden' : 'Invalid value: "object"'}: ${message}`,
      ),
    ),
    ...Object.entries(schema.fields).flatMap(([field, inner]) =>
      brokenRules(inner, value[field], below(path, field)),
    ),
  ];
}

function cause(reason: string, field: string, message: string): StatusCause {
  return { reason, message, field };
}

/** The JSON types a schema takes; undefined when it takes all. */
function typesOf({ type }: Schema): readonly string[] | undefined {
  if (type === 'any') return undefined;
  if (type === 'int-or-string') return ['integer', 'string'];
  return [type === 'map' || type === 'struct' ? 'object' : type];
}

/** A whole number is a number too. */
function isWhole({ type }: Schema, value: unknown): boolean {
  return type === 'number' && Number.isInteger(value);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

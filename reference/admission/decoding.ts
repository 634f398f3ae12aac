import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { AdmissionRequest } from '../store/operations.ts';
import { parseApiVersion } from '../store/resource-type.ts';
import { badRequest, type StatusError } from '../store/status-error.ts';
import { shapeProblems } from './check-schema.ts';
import type { Schema } from './schema.ts';
import { pruned, unknownFields } from './unknown-fields.ts';

/**
 * An object without the fields that its schema does not know, about which the client is warned when it asked to be.
 *
 * @throws StatusError BadRequest for such fields where the client wants it strict.
 */
export function withoutUnknown(
  schema: Schema,
  { object, fieldValidation, warn }: AdmissionRequest,
): KubeObject {
  const unknown = fieldValidation === 'Ignore' ? [] : unknownFields(schema, object);
  const words = unknown.map((field) => `unknown field "${field}"`);
  if (fieldValidation === 'Strict' && words.length > 0) {
    throw cannotBeHandled(object, `strict decoding error: ${words.join(', ')}`);
  }
  for (const word of words) warn?.(word);
  return pruned(schema, object) as KubeObject;
}

/**
 * What a typed server does first: a value of the wrong type cannot be decoded at all, so nothing else is looked at.
 *
 * @throws StatusError BadRequest.
 */
export function refuseWrongTypes(schema: Schema, object: KubeObject): void {
  const wrong = shapeProblems(schema, object, '').find(({ reason }) => reason === 'FieldValueTypeInvalid');
  if (wrong === undefined) return;
  const type = /^Invalid value: "(\w+)"/.exec(wrong.message)?.[1] ?? '';
  const got = goNames[type] ?? type;
  throw cannotBeHandled(object, `json: cannot unmarshal ${got} into Go struct field ${wrong.field}`);
}

/** The types of JSON by the names of Go's decoder, where they have others. */
const goNames: Readonly<Record<string, string>> = { integer: 'number', boolean: 'bool' };

function cannotBeHandled({ apiVersion, kind }: KubeObject, why: string): StatusError {
  const { version } = parseApiVersion(apiVersion);
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
}

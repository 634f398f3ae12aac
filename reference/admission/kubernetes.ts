import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isObject } from '../store/json.ts';
import type { AdmissionPlugin } from '../store/operations.ts';
import { keyOf } from '../store/resource-type.ts';
import { invalid } from '../store/status-error.ts';
import { shapeProblems } from './check-schema.ts';
import { refuseWrongTypes, withoutUnknown } from './decoding.ts';
import { kubernetesSchemas } from './kubernetes-schemas.ts';
import { metadata } from './metadata-schema.ts';
import { anything, fieldsOf, type ObjectSchema, type Schema } from './schema.ts';

/** Of kinds that are not Kubernetes' own it knows the metadata alone. */
const others: ObjectSchema = fieldsOf({ metadata });

/**
 * Reads objects as the API server does, which has a type for each of its own kinds: what does not fit is refused, and
 * fields that it does not know are dropped or refused. Everything after it may rely on the shapes. It has to come
 * before the defaults, as those look into what is there.
 */
export const kubernetesShapes: AdmissionPlugin = {
  mutate: (request) => {
    const { type, operation } = request;
    if (operation === 'DELETE') return request.object;
    const known = kubernetesSchemas.get(keyOf(type));
    const schema = known ?? others;
    const object = withoutNothing(schema, request.object) as KubeObject;
    const decoded = known === undefined ? object : withoutUnknown(known, { ...request, object });
    refuseWrongTypes(schema, decoded);
    const problems = shapeProblems(schema, decoded, '');
    if (problems.length > 0) throw invalid(type, decoded.metadata.name, problems);
    return decoded;
  },
};

/** Without nulls and empty lists and maps, which are the same to a typed server as no field at all (Go's `omitempty`). */
function withoutNothing(schema: Schema, value: unknown): unknown {
  if (schema.type === 'array' && Array.isArray(value)) {
    return value.map((item) => withoutNothing(schema.items, item));
  }
  if (schema.type !== 'object' || !isObject(value)) return value;
  const fields = Object.entries(value).flatMap(([field, inner]) => {
    const known = Object.hasOwn(schema.fields, field) ? (schema.fields[field] ?? anything) : anything;
    return isNothing(known, inner) ? [] : [[field, withoutNothing(known, inner)] as const];
  });
  return Object.fromEntries(fields);
}

function isNothing({ type }: Schema, value: unknown): boolean {
  if (value === null) return true;
  if (type === 'array') return Array.isArray(value) && value.length === 0;
  return type === 'map' && isObject(value) && Object.keys(value).length === 0;
}

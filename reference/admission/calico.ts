import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { AdmissionPlugin } from '../store/operations.ts';
import { keyOf, parseApiVersion } from '../store/resource-type.ts';
import { badRequest, invalid, type StatusCause } from '../store/status-error.ts';
import { calicoSchemas } from './calico-schemas.ts';
import { schemaProblems, shapeProblems } from './check-schema.ts';
import { withDefaults } from './defaults.ts';
import { isPolicy, policyProblems } from './policy-problems.ts';
import type { Schema } from './schema.ts';
import { pruned, unknownFields } from './unknown-fields.ts';

/** Who serves Calico's v3 API: custom resources (3.32 and later), or an API server of Calico's own. */
export type CalicoApi = 'native crds' | 'api server';

/**
 * Defaults and validates Calico's kinds as one of Calico's two APIs does. Both refuse fields that they do not know
 * when asked to be strict, and otherwise drop them.
 */
export function calicoAdmission(api: CalicoApi): AdmissionPlugin {
  return {
    mutate: ({ type, object, operation, fieldValidation }) => {
      const schema = calicoSchemas.get(keyOf(type));
      if (schema === undefined || operation === 'DELETE') return object;
      if (fieldValidation === 'Strict') refuseUnknown(schema, object);
      if (api === 'api server') refuseWrongTypes(schema, object);
      return withDefaults(pruned(schema, object) as KubeObject);
    },
    validate: ({ type, object, operation }) => {
      const schema = calicoSchemas.get(keyOf(type));
      if (schema === undefined || operation === 'DELETE') return;
      const problems = problemsBy[api](schema, object);
      if (problems.length > 0) throw invalid(type, object.metadata.name, problems);
    },
  };
}

const problemsBy: Record<CalicoApi, (schema: Schema, object: KubeObject) => StatusCause[]> = {
  'native crds': schemaProblems,
  'api server': (schema, object) => {
    const problems = shapeProblems(schema, object, '');
    return problems.length > 0 || !isPolicy(object) ? problems : policyProblems(object);
  },
};

function refuseUnknown(schema: Schema, object: KubeObject): void {
  const unknown = unknownFields(schema, object).map((field) => `unknown field "${field}"`);
  if (unknown.length > 0) throw cannotBeHandled(object, `strict decoding error: ${unknown.join(', ')}`);
}

/** A typed server fails to decode a wrong type, before it validates anything. */
function refuseWrongTypes(schema: Schema, object: KubeObject): void {
  const wrong = shapeProblems(schema, object, '').find(({ reason }) => reason === 'FieldValueTypeInvalid');
  if (wrong === undefined) return;
  const got = /^Invalid value: "(\w+)"/.exec(wrong.message)?.[1];
  throw cannotBeHandled(object, `json: cannot unmarshal ${got} into Go struct field ${wrong.field}`);
}

function cannotBeHandled({ apiVersion, kind }: KubeObject, why: string): Error {
  const { version } = parseApiVersion(apiVersion);
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
}

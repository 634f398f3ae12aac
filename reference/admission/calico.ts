import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { CalicoRules } from '../rules/calico.ts';
import type { AdmissionPlugin } from '../store/operations.ts';
import { keyOf } from '../store/resource-type.ts';
import { invalid, type StatusCause } from '../store/status-error.ts';
import { calicoSchemas } from './calico-schemas.ts';
import { schemaProblems, shapeProblems } from './check-schema.ts';
import { refuseWrongTypes, withoutUnknown } from './decoding.ts';
import { withDefaults } from './defaults.ts';
import { isPolicy, nameProblems, policyProblems } from './policy-problems.ts';
import type { Schema } from './schema.ts';

/** Who serves Calico's v3 API: custom resources (3.32 and later), or an API server of Calico's own. */
export type CalicoApi = 'native crds' | 'api server';

type ApiRules = Pick<CalicoRules, 'checksPolicies' | 'limitsHttpClauses'>;

/**
 * Defaults and validates Calico's kinds as one of Calico's two APIs does. Both refuse fields that they do not know
 * when asked to be strict, and otherwise drop them.
 */
export function calicoAdmission(api: CalicoApi, rules: ApiRules): AdmissionPlugin {
  return {
    mutate: (request) => {
      const { type, object, operation } = request;
      const schema = calicoSchemas.get(keyOf(type));
      if (schema === undefined || operation === 'DELETE') return object;
      const known = withoutUnknown(schema, request);
      if (api === 'api server') refuseWrongTypes(schema, known);
      return withDefaults(known);
    },
    validate: ({ type, object, operation }) => {
      const schema = calicoSchemas.get(keyOf(type));
      if (schema === undefined || operation === 'DELETE') return;
      const shape = shapeBy[api](schema, object, rules);
      const problems = shape.length > 0 || !isPolicy(object) ? shape : contentProblems(api, object, rules);
      if (problems.length > 0) throw invalid(type, object.metadata.name, problems);
    },
  };
}

const shapeBy: Record<CalicoApi, (schema: Schema, object: KubeObject, rules: ApiRules) => StatusCause[]> = {
  // They have had limits since their first release.
  'native crds': schemaProblems,
  'api server': (schema, object, rules) =>
    shapeProblems(schema, object, '').filter(
      (problem) => rules.limitsHttpClauses() || !isLimitOfHttp(problem),
    ),
};

function isLimitOfHttp({ reason = '', field = '' }: StatusCause): boolean {
  return ['FieldValueTooMany', 'FieldValueTooLong'].includes(reason) && field.includes('.http.');
}

function contentProblems(api: CalicoApi, policy: KubeObject, rules: ApiRules): StatusCause[] {
  return [
    ...(api === 'api server' ? nameProblems(policy) : []),
    ...(rules.checksPolicies() ? policyProblems(policy) : []),
  ];
}

import type { JsonObject } from '../store/json.ts';
import type { SchemaRule } from './schema.ts';

/**
 * What every release of Calico demands of a rule with an HTTP clause (calico
 * `api/pkg/apis/projectcalico/v3/policy_common.go`; before 3.32 `libcalico-go/lib/validator/v3/validator.go`). The
 * messages are those that clients see (`observed/api-validation-native-crds.txt`).
 */
export const httpRules: readonly SchemaRule[] = [
  {
    holds: ({ http, action }) => http === undefined || action === 'Allow',
    message: 'HTTP match is only valid on Allow rules',
    reason: 'FieldValueForbidden',
  },
  {
    holds: ({ http, protocol }) => http === undefined || protocol === undefined || isTcp(protocol),
    message: 'rules with HTTP match must have protocol TCP or unset',
    reason: 'FieldValueInvalid',
  },
];

function isTcp(protocol: JsonObject[string]): boolean {
  return protocol === 'TCP' || protocol === 6;
}

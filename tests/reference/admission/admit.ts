import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { type CalicoApi, calicoAdmission } from '../../../reference/admission/calico.ts';
import type { AdmissionRequest } from '../../../reference/store/operations.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { StatusError } from '../../../reference/store/status-error.ts';

/**
 * Takes an object through the admission of its API. Throws what refuses it.
 *
 * @param request.checksPolicies whether more than schemas are held against policies: released custom resources do not.
 * @param request.limitsHttpClauses whether lists of methods and paths have an end: before 3.32 they had none.
 */
export function admit(
  api: CalicoApi,
  object: KubeObject,
  {
    checksPolicies = api === 'api server',
    limitsHttpClauses = true,
    ...request
  }: Partial<Pick<AdmissionRequest, 'operation' | 'fieldValidation'>> & {
    checksPolicies?: boolean;
    limitsHttpClauses?: boolean;
  } = {},
): KubeObject {
  const type = resourceTypes.find(
    ({ group, kind }) => kind === object.kind && object.apiVersion.startsWith(`${group}/`),
  );
  const plugin = calicoAdmission(api, {
    checksPolicies: () => checksPolicies,
    limitsHttpClauses: () => limitsHttpClauses,
  });
  const asked: AdmissionRequest = {
    operation: 'CREATE',
    type: type!,
    object,
    dryRun: false,
    fieldValidation: 'Strict',
    ...request,
  };
  const mutated = plugin.mutate?.(asked) ?? object;
  plugin.validate?.({ ...asked, object: mutated });
  return mutated;
}

export function policy(spec: unknown, kind = 'GlobalNetworkPolicy', name = 't'): KubeObject {
  return { apiVersion: 'projectcalico.org/v3', kind, metadata: { name }, spec };
}

/** What `kubectl apply --dry-run=server` prints (kubectl `pkg/cmd/util/helpers.go`). */
export function asKubectlPrints(api: CalicoApi, object: KubeObject): string {
  try {
    admit(api, object);
    return 'globalnetworkpolicy.projectcalico.org/t created (server dry run)';
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const { kind, name, causes = [] } = error.details ?? {};
    if (error.reason !== 'Invalid') {
      return `Error from server (${error.reason}): error when creating "STDIN": ${error.message}`;
    }
    const lines = causes.map(({ field, message }) => `${field}: ${message}`);
    const list = lines.length === 1 ? lines[0] : `\n${lines.map((line) => `* ${line}`).join('\n')}`;
    return `The ${kind} "${name}" is invalid: ${list}`;
  }
}

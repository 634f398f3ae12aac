import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { PolicySpec } from '../calico/policy.ts';
import type { StatusCause } from '../store/status-error.ts';
import { fieldProblem } from './field-problem.ts';
import { ruleProblems, selectorProblems } from './rule-problems.ts';

/**
 * What Calico's API server has against a policy whose fields have the right types (calico
 * `libcalico-go/lib/validator/v3/validator.go` before 3.32). It knows more rules than are here: those about HTTP
 * clauses, selectors and tiers.
 */
export function policyProblems({ metadata: { name }, spec }: KubeObject): StatusCause[] {
  const policy = (spec ?? {}) as PolicySpec;
  const { tier = 'default', ingress = [], egress = [] } = policy;
  return [
    // Policies of every tier share one list of names, so those of other tiers carry theirs in front.
    ...(tier === 'default' || name.startsWith(`${tier}.`)
      ? []
      : [fieldProblem('metadata.name', name, `a policy of the tier ${tier} is named ${tier}.…`)]),
    ...selectorProblems(policy, ['selector', 'namespaceSelector', 'serviceAccountSelector'], 'spec'),
    ...ingress.flatMap((rule, index) => ruleProblems(rule, 'ingress', `spec.ingress[${index}]`)),
    ...egress.flatMap((rule, index) => ruleProblems(rule, 'egress', `spec.egress[${index}]`)),
  ];
}

const policies = ['GlobalNetworkPolicy', 'NetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedNetworkPolicy'];

/** Whether an object is a policy with rules of Calico's own. */
export function isPolicy({ kind }: Pick<KubeObject, 'kind'>): boolean {
  return policies.includes(kind);
}

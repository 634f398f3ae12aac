import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { PolicySpec } from '../calico/policy.ts';
import type { StatusCause } from '../store/status-error.ts';
import { fieldProblem } from './field-problem.ts';
import { ruleProblems, selectorProblems } from './rule-problems.ts';

/**
 * What is wrong with a policy whose fields have the right types (calico `libcalico-go/lib/validator/v3/validator.go`
 * before 3.32). Calico knows more rules than are here: those about HTTP clauses and selectors.
 */
export function policyProblems({ spec }: KubeObject): StatusCause[] {
  const policy = (spec ?? {}) as PolicySpec;
  const { ingress = [], egress = [] } = policy;
  return [
    ...selectorProblems(policy, ['selector', 'namespaceSelector', 'serviceAccountSelector'], 'spec'),
    ...ingress.flatMap((rule, index) => ruleProblems(rule, 'ingress', `spec.ingress[${index}]`)),
    ...egress.flatMap((rule, index) => ruleProblems(rule, 'egress', `spec.egress[${index}]`)),
  ];
}

/** Where the policies of every tier share one list of names, those of other tiers carry theirs in front. */
export function nameProblems({ metadata: { name }, spec }: KubeObject): StatusCause[] {
  const { tier = 'default' } = (spec ?? {}) as PolicySpec;
  if (tier === 'default' || name.startsWith(`${tier}.`)) return [];
  return [fieldProblem('metadata.name', name, `a policy of the tier ${tier} is named ${tier}.…`)];
}

const policies = ['GlobalNetworkPolicy', 'NetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedNetworkPolicy'];

/** Whether an object is a policy with rules of Calico's own. */
export function isPolicy({ kind }: Pick<KubeObject, 'kind'>): boolean {
  return policies.includes(kind);
}

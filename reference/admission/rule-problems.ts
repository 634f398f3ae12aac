import { parseSelector, SelectorError } from '../../fixtures/selectors/selector.ts';
import type { EntityRule, RuleSpec } from '../calico/policy.ts';
import type { StatusCause } from '../store/status-error.ts';
import { fieldProblem } from './field-problem.ts';
import { httpMatchProblems } from './http-match.ts';
import { httpRules } from './http-rules.ts';

/** What Calico's API server has against one rule of a policy. */
export function ruleProblems(rule: RuleSpec, direction: 'ingress' | 'egress', field: string): StatusCause[] {
  const { http, source, destination } = rule;
  const broken = httpRules.filter(({ holds }) => !holds({ ...rule }));
  return [
    ...broken.map(({ message }) => fieldProblem(`${field}.http`, http, message)),
    ...(http !== undefined && direction === 'egress'
      ? [fieldProblem(`${field}.http`, http, 'HTTP match is not allowed in egress rules')]
      : []),
    ...(http === undefined ? [] : httpMatchProblems(http, `${field}.http`)),
    ...(source === undefined ? [] : entityProblems(source, `${field}.source`)),
    ...(destination === undefined ? [] : entityProblems(destination, `${field}.destination`)),
  ];
}

function entityProblems(entity: EntityRule, field: string): StatusCause[] {
  return [
    ...selectorProblems(entity, ['selector', 'notSelector', 'namespaceSelector'], field),
    ...selectorProblems(entity.serviceAccounts ?? {}, ['selector'], `${field}.serviceAccounts`),
  ];
}

/** Which of the named fields hold a selector that does not parse. */
export function selectorProblems<Field extends string>(
  holder: { [field in Field]?: string },
  names: readonly Field[],
  path: string,
): StatusCause[] {
  return names.flatMap((name) => {
    const selector = holder[name];
    const problem = selector === undefined ? undefined : selectorProblem(selector);
    return problem === undefined ? [] : [fieldProblem(`${path}.${name}`, selector, problem)];
  });
}

function selectorProblem(selector: string): string | undefined {
  try {
    parseSelector(selector);
    return undefined;
  } catch (error) {
    if (error instanceof SelectorError) return error.message;
    throw error;
  }
}

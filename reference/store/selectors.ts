import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isObject } from './json.ts';
import { badRequest } from './status-error.ts';

type Labels = Record<string, string>;

/** Kubernetes' `LabelSelector`, as Deployments and policies hold it. */
export interface LabelSelector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

interface Requirement {
  key: string;
  operator: 'in' | 'notin' | 'exists' | 'absent' | 'gt' | 'lt';
  values: string[];
}

const label = String.raw`[A-Za-z0-9]([\w./-]*[A-Za-z0-9])?`;
const setBased = new RegExp(String.raw`^(${label})\s+(in|notin)\s*\(([^()]*)\)$`);
const equality = new RegExp(String.raw`^(${label})\s*(==|=|!=|>|<)\s*([\w.-]*)$`);
const existence = new RegExp(String.raw`^(!?)\s*(${label})$`);

/**
 * Whether labels match a selector as clients write it: `app=web,tier!=db,env in (a, b),!canary`. An empty selector
 * matches everything.
 *
 * @throws StatusError BadRequest when it cannot be read.
 */
export function matchesLabels(selector: string, labels: Labels | undefined): boolean {
  return parse(selector).every((requirement) => satisfies(requirement, labels ?? {}));
}

/**
 * Whether labels match the selector of an object. An empty selector matches everything, an absent one nothing.
 *
 * @throws StatusError BadRequest for an operator that does not exist.
 */
export function matchesLabelSelector(
  selector: LabelSelector | undefined,
  labels: Labels | undefined,
): boolean {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const requirements = [
    ...Object.entries(matchLabels).map(
      ([key, value]): Requirement => ({ key, operator: 'in', values: [value] }),
    ),
    ...matchExpressions.map(({ key, operator, values = [] }): Requirement => {
      const known = operators[operator];
      if (known === undefined) throw badRequest(`"${operator}" is not a valid label selector operator`);
      return { key, operator: known, values };
    }),
  ];
  return requirements.every((requirement) => satisfies(requirement, labels ?? {}));
}

/**
 * Whether an object matches a field selector: `metadata.name=a,status.phase!=Running`.
 *
 * @throws StatusError BadRequest for a field that cannot be selected by.
 */
export function matchesFields(selector: string, object: KubeObject): boolean {
  return split(selector).every((term) => {
    const found = /^([^=!]+)(==|=|!=)(.*)$/.exec(term);
    if (found === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
    const [, field = '', operator, value] = found;
    if (!selectable.test(field)) throw badRequest(`field label not supported: ${field}`);
    return (fieldOf(object, field) === value) === (operator !== '!=');
  });
}

const operators: Record<string, Requirement['operator']> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: 'absent',
};

const selectable =
  /^(metadata\.(name|namespace)|spec\.(nodeName|restartPolicy|schedulerName|serviceAccountName|hostNetwork)|status\.(phase|podIP|nominatedNodeName)|involvedObject\.(kind|namespace|name|uid|apiVersion|resourceVersion|fieldPath)|reason|reportingComponent|source|type)$/;

function fieldOf(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const part of path.split('.')) value = isObject(value) ? value[part] : undefined;
  return value === undefined || value === null ? '' : String(value);
}

function satisfies({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'lt':
      return value !== undefined && Number(value) < Number(values[0]);
  }
}

function parse(selector: string): Requirement[] {
  return split(selector).map((term) => {
    const set = setBased.exec(term);
    if (set !== null) {
      const values = set[4]!.split(',').map((value) => value.trim());
      return { key: set[1]!, operator: set[3] as 'in' | 'notin', values };
    }
    const equal = equality.exec(term);
    if (equal !== null) return { key: equal[1]!, operator: comparisons[equal[3]!]!, values: [equal[4]!] };
    const exists = existence.exec(term);
    if (exists !== null)
      return { key: exists[2]!, operator: exists[1] === '!' ? 'absent' : 'exists', values: [] };
    throw badRequest(
      `unable to parse requirement: ${JSON.stringify(term)} in selector ${JSON.stringify(selector)}`,
    );
  });
}

const comparisons: Record<string, Requirement['operator']> = {
  '=': 'in',
  '==': 'in',
  '!=': 'notin',
  '>': 'gt',
  '<': 'lt',
};

/** The terms of a selector; a comma in parentheses separates none. */
function split(selector: string): string[] {
  return selector.trim() === '' ? [] : selector.split(/,(?![^(]*\))/).map((term) => term.trim());
}

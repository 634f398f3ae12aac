import { type Attributes, isOfPath, type PathAttributes, type ResourceAttributes } from './attributes.ts';

/** What a Role or ClusterRole grants (rbac.authorization.k8s.io/v1, PolicyRule). */
export interface PolicyRule {
  verbs: readonly string[];
  apiGroups?: readonly string[];
  resources?: readonly string[];
  resourceNames?: readonly string[];
  nonResourceURLs?: readonly string[];
}

const everything = '*';

/** Whether one rule allows what is asked (kubernetes `pkg/apis/rbac/v1/evaluation_helpers.go`). */
export function grants(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  return isOfPath(attributes) ? grantsPath(rule, attributes) : grantsResource(rule, attributes);
}

function grantsPath({ nonResourceURLs = [] }: PolicyRule, { path }: PathAttributes): boolean {
  return nonResourceURLs.some((url) =>
    url.endsWith(everything) ? path.startsWith(url.replace(/\*+$/, '')) : url === path,
  );
}

function grantsResource(rule: PolicyRule, attributes: ResourceAttributes): boolean {
  const { apiGroups = [], resources = [], resourceNames = [] } = rule;
  const { group, resource, subresource, name } = attributes;
  const asked = subresource === '' ? resource : `${resource}/${subresource}`;
  return (
    has(apiGroups, group) &&
    (has(resources, asked) || (subresource !== '' && resources.includes(`${everything}/${subresource}`))) &&
    (resourceNames.length === 0 || resourceNames.includes(name))
  );
}

function has(granted: readonly string[], asked: string): boolean {
  return granted.includes(everything) || granted.includes(asked);
}

import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Store } from '../store/store.ts';
import { type Attributes, isOfPath } from './attributes.ts';
import { grants, type PolicyRule } from './rules.ts';
import { masters, serviceAccountUser, type User } from './user.ts';

const group = 'rbac.authorization.k8s.io';

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

/** Whether the roles that are bound to a user allow what is asked. */
export function isAllowed(store: Store, user: User, attributes: Attributes): boolean {
  if (user.groups.includes(masters)) return true;
  const namespace = isOfPath(attributes) ? '' : attributes.namespace;
  return rulesFor(store, user, namespace).some((rule) => grants(rule, attributes));
}

/**
 * All that is granted to a user: cluster-wide, and within a namespace where one is given (kubernetes `pkg/registry/rbac/
 * validation/rule.go`). A binding to a role that is not there grants nothing.
 */
export function rulesFor(store: Store, user: User, namespace: string): PolicyRule[] {
  if (user.groups.includes(masters)) {
    return [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ];
  }
  const bindings = [
    ...store.list(`ClusterRoleBinding.${group}`),
    ...(namespace === '' ? [] : store.list(`RoleBinding.${group}`, namespace)),
  ];
  return bindings.filter((binding) => binds(binding, user)).flatMap((binding) => rulesOf(store, binding));
}

function binds({ subjects, metadata }: KubeObject, user: User): boolean {
  return ((subjects ?? []) as Subject[]).some(({ kind, name, namespace = metadata.namespace ?? '' }) => {
    if (kind === 'Group') return user.groups.includes(name);
    if (kind === 'ServiceAccount') return serviceAccountUser(namespace, name).name === user.name;
    return name === user.name;
  });
}

function rulesOf(store: Store, { roleRef, metadata }: KubeObject): PolicyRule[] {
  const { kind, name } = roleRef as { kind: string; name: string };
  const role = store.find(`${kind}.${group}`, name, kind === 'Role' ? metadata.namespace : undefined);
  return (role?.rules ?? []) as PolicyRule[];
}

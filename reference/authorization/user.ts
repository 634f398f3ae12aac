/** Who sends a request. */
export interface User {
  name: string;
  groups: readonly string[];
}

/** Its members may do everything, whatever roles there are. */
export const masters = 'system:masters';

/** Whom the API server has got to know, by whatever means. */
export function known(name: string, groups: readonly string[]): User {
  return { name, groups: [...groups, 'system:authenticated'] };
}

/** The user that a service account's tokens are of (kubernetes `staging/src/k8s.io/apiserver/pkg/authentication/serviceaccount`). */
export function serviceAccountUser(namespace: string, name: string): User {
  return known(`system:serviceaccount:${namespace}:${name}`, [
    'system:serviceaccounts',
    `system:serviceaccounts:${namespace}`,
  ]);
}

import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { ApiServer } from '../../../reference/api/server.ts';
import { defaultRoles } from '../../../reference/cluster/fresh/default-roles.ts';
import type { Store } from '../../../reference/store/store.ts';
import { raw } from './raw.ts';

const apiVersion = 'rbac.authorization.k8s.io/v1';

/** What a ClusterRole or, within a namespace, a Role grants. */
export interface Granted {
  rules: object[];
  namespace?: string;
}

/** Makes service account `shop/robot`, with what is granted to it. */
export function makeRobot(store: Store, grants: readonly Granted[]): void {
  for (const object of [...defaultRoles(), account, ...grants.flatMap(rolesOf)]) store.create(object);
}

const account: KubeObject = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'robot', namespace: 'shop' },
};

function rolesOf({ rules, namespace }: Granted, index: number): KubeObject[] {
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const metadata = { name: `robot-${index}`, ...(namespace !== undefined && { namespace }) };
  return [
    { apiVersion, kind, metadata, rules },
    {
      apiVersion,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'shop' }],
    },
  ];
}

export const tokenPath = '/api/v1/namespaces/shop/serviceaccounts/robot/token';

/** Asks for a token for it. */
export async function askForToken(server: ApiServer, spec: object = {}) {
  const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec });
  return raw(server, tokenPath, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

export async function tokenOf(server: ApiServer): Promise<string> {
  return (await askForToken(server)).json<{ status: { token: string } }>().status.token;
}

/** One request by that service account. */
export async function asRobot(
  server: ApiServer,
  path: string,
  options: { method?: string; body?: object; type?: string } = {},
) {
  const { method = 'GET', body, type = 'application/json' } = options;
  return raw(server, path, {
    method,
    anonymous: true,
    headers: {
      authorization: `Bearer ${await tokenOf(server)}`,
      ...(body !== undefined && { 'content-type': type }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

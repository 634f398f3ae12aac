import { expect, test } from '@playwright/test';
import { permissionsOf } from '../../scripts/permissions/needed.ts';
import { permissionsIn } from '../../scripts/permissions/permission.ts';
import { inWords } from '../../scripts/permissions/words.ts';

const role = (rules: object[], namespace?: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'x', ...(namespace !== undefined && { namespace }) },
  rules,
});

test('a rule is as many permissions as it has verbs, groups, resources and names', () => {
  const rule = {
    apiGroups: ['', 'apps'],
    resources: ['a/b'],
    resourceNames: ['x', 'y'],
    verbs: ['get', 'list'],
  };
  const permissions = permissionsIn([role([rule], 'shop')]);
  expect(permissions).toHaveLength(8);
  expect(permissions[0]).toEqual({
    verb: 'get',
    group: '',
    resource: 'a',
    subresource: 'b',
    name: 'x',
    namespace: 'shop',
  });
});

test('what somebody may not do is told by object, with all verbs', () => {
  const rules = [
    { apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] },
    { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'], verbs: ['patch'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'watch'] },
  ];
  expect(inWords(permissionsIn([role(rules, 'shop')]))).toBe(
    'get and create pods/exec in shop; patch deployments.apps web in shop; get, list and watch deployments.apps in shop',
  );
});

test('a sentence stays one: what is more than eight objects is counted', () => {
  const resources = Array.from({ length: 11 }, (_, index) => `r${index}`);
  const words = inWords(permissionsIn([role([{ apiGroups: [''], resources, verbs: ['get'] }])]));
  expect(words).toMatch(/^get r0; .*; get r7; and 3 more$/);
});

test('names that a run alone knows take the place of those in the manifest', () => {
  const needs = { shopDeployed: true, pullSecret: 'registry/login', revision: 'canary' };
  const patched = permissionsOf('alp-conformance', needs).filter(
    ({ resource, verb, namespace }) =>
      resource === 'configmaps' && verb === 'patch' && namespace === 'istio-system',
  );
  expect(patched.map(({ name }) => name)).toEqual(['istio-sidecar-injector-canary']);
  expect(permissionsOf('pull-secret', needs).at(-1)).toEqual({
    verb: 'get',
    group: '',
    resource: 'secrets',
    name: 'login',
    namespace: 'registry',
  });
});

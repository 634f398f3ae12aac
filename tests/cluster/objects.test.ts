import { expect, test } from '@playwright/test';
import { nameOf, refOf } from '../../fixtures/cluster/objects.ts';
import { describeRequest, requestInfo } from '../../fixtures/cluster/request-info.ts';
import { object } from './fixture.ts';

test('an object is described by kind, namespace and name', () => {
  expect(nameOf(refOf(object('Deployment', 'frontend')))).toBe('Deployment shop/frontend');
});

test('a cluster-wide object is described without a namespace', () => {
  const policy = {
    apiVersion: 'projectcalico.org/v3',
    kind: 'GlobalNetworkPolicy',
    metadata: { name: 'frontend-deny' },
  };
  expect(refOf(policy)).not.toHaveProperty('namespace');
  expect(nameOf(refOf(policy))).toBe('GlobalNetworkPolicy frontend-deny');
});

const requests: [method: string, path: string, asked: string][] = [
  ['GET', '/api/v1/namespaces/shop/pods', 'list pods in namespace shop'],
  ['GET', '/api/v1/pods?limit=500', 'list pods'],
  ['GET', '/api/v1/namespaces/shop/pods?watch=true', 'watch pods in namespace shop'],
  ['GET', '/api/v1/namespaces/shop', 'get namespaces shop'],
  ['GET', '/api/v1/namespaces/shop/pods/a/exec?stdin=true', 'get pods/exec a in namespace shop'],
  ['POST', '/apis/apps/v1/namespaces/shop/deployments', 'create deployments.apps in namespace shop'],
  [
    'PATCH',
    '/apis/projectcalico.org/v3/globalnetworkpolicies/default.x',
    'patch globalnetworkpolicies.projectcalico.org default.x',
  ],
  ['DELETE', '/apis/apps/v1/namespaces/shop/deployments/a', 'delete deployments.apps a in namespace shop'],
  ['DELETE', '/api/v1/namespaces/shop/pods', 'deletecollection pods in namespace shop'],
  ['GET', '/apis/apps/v1', 'get /apis/apps/v1'],
  ['GET', '/version', 'get /version'],
];

for (const [method, path, asked] of requests) {
  test(`${method} ${path} means: ${asked}`, () => {
    expect(describeRequest(requestInfo(method, path))).toBe(asked);
  });
}

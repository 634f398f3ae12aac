import { expect, test } from '@playwright/test';
import { type Attributes, attributesOf } from '../../../reference/authorization/attributes.ts';
import { grants, type PolicyRule } from '../../../reference/authorization/rules.ts';

function read(method: string, target: string): Attributes {
  const { pathname, searchParams } = new URL(target, 'https://server');
  return attributesOf({ method, pathname, query: searchParams });
}

const nothing = { group: '', subresource: '', namespace: '', name: '' };

const requests: [method: string, target: string, attributes: Attributes][] = [
  ['GET', '/version', { verb: 'get', path: '/version' }],
  ['GET', '/apis/apps/v1', { verb: 'get', path: '/apis/apps/v1' }],
  ['GET', '/api/v1/pods', { ...nothing, verb: 'list', resource: 'pods' }],
  ['GET', '/api/v1/pods?watch=true', { ...nothing, verb: 'watch', resource: 'pods' }],
  ['GET', '/api/v1/pods?watch=0', { ...nothing, verb: 'list', resource: 'pods' }],
  [
    'GET',
    '/apis/apps/v1/namespaces/shop/deployments/web',
    { ...nothing, verb: 'get', group: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' },
  ],
  [
    'GET',
    '/apis/apps/v1/namespaces/shop/deployments?watch=true&fieldSelector=metadata.name%3Dweb',
    { ...nothing, verb: 'watch', group: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' },
  ],
  [
    'GET',
    '/api/v1/namespaces/shop/events?fieldSelector=involvedObject.uid%3D7',
    { ...nothing, verb: 'list', resource: 'events', namespace: 'shop' },
  ],
  [
    'GET',
    '/api/v1/namespaces/shop',
    { ...nothing, verb: 'get', resource: 'namespaces', namespace: 'shop', name: 'shop' },
  ],
  [
    'PUT',
    '/api/v1/namespaces/shop/finalize',
    {
      ...nothing,
      verb: 'update',
      resource: 'namespaces',
      subresource: 'finalize',
      namespace: 'shop',
      name: 'shop',
    },
  ],
  [
    'GET',
    '/api/v1/namespaces/shop/pods/web/exec?command=ls',
    { ...nothing, verb: 'get', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web' },
  ],
  ['POST', '/api/v1/namespaces', { ...nothing, verb: 'create', resource: 'namespaces' }],
  [
    'DELETE',
    '/api/v1/namespaces/shop/pods',
    { ...nothing, verb: 'deletecollection', resource: 'pods', namespace: 'shop' },
  ],
];

for (const [method, target, attributes] of requests) {
  test(`${method} ${target} asks to ${attributes.verb}`, () => {
    expect(read(method, target)).toEqual(attributes);
  });
}

const getPods: PolicyRule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] };
const named: PolicyRule = { ...getPods, verbs: ['*'], resourceNames: ['web'] };
const pods = { ...nothing, resource: 'pods' };

const rules: [what: string, rule: PolicyRule, attributes: Attributes, granted: boolean][] = [
  ['a verb it names', getPods, { ...pods, verb: 'list' }, true],
  ['a verb it does not name', getPods, { ...pods, verb: 'watch' }, false],
  ['another group', getPods, { ...pods, group: 'apps', verb: 'get' }, false],
  ['a subresource of what it names', getPods, { ...pods, subresource: 'log', verb: 'get' }, false],
  [
    'a subresource it names',
    { ...getPods, resources: ['pods/log'] },
    { ...pods, subresource: 'log', verb: 'get' },
    true,
  ],
  [
    'a subresource of anything',
    { ...getPods, resources: ['*/log'] },
    { ...pods, subresource: 'log', verb: 'get' },
    true,
  ],
  [
    'everything',
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { ...pods, subresource: 'x', verb: 'y' },
    true,
  ],
  ['an object it names', named, { ...pods, name: 'web', verb: 'delete' }, true],
  ['an object it does not name', named, { ...pods, name: 'cart', verb: 'delete' }, false],
  ['a collection, where it names an object', named, { ...pods, verb: 'list' }, false],
  ['a path', { verbs: ['get'], nonResourceURLs: ['/version'] }, { verb: 'get', path: '/version' }, true],
  ['a path below', { verbs: ['get'], nonResourceURLs: ['/apis/*'] }, { verb: 'get', path: '/apis/x' }, true],
  [
    'a path beside',
    { verbs: ['get'], nonResourceURLs: ['/apis/*'] },
    { verb: 'get', path: '/metrics' },
    false,
  ],
  [
    'a path, where it grants all resources',
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verb: 'get', path: '/version' },
    false,
  ],
];

for (const [what, rule, attributes, granted] of rules) {
  test(`a rule ${granted ? 'grants' : 'does not grant'} ${what}`, () => {
    expect(grants(rule, attributes)).toBe(granted);
  });
}

import { expect, test } from '@playwright/test';
import { admit, policy } from './admit.ts';

const http = { methods: ['GET'] };
const path = (entry: unknown) => ({ ingress: [{ action: 'Allow', http: { paths: [entry] } }] });

const accepted: [title: string, spec: Record<string, unknown>][] = [
  ['a rule of the tutorial', path({ prefix: '/static' })],
  ['the root', path({ exact: '/' })],
  ['a method of no standard', { ingress: [{ action: 'Allow', http: { methods: ['FOO', 'get', '*'] } }] }],
  ['an empty HTTP clause', { ingress: [{ action: 'Allow', http: {} }] }],
  ['TCP by name', { ingress: [{ action: 'Allow', protocol: 'TCP', http }] }],
  [
    'selectors that parse',
    { selector: "app == 'x'", ingress: [{ action: 'Deny', source: { selector: 'has(a)' } }] },
  ],
];
for (const [title, spec] of accepted) {
  test(`accepts ${title}`, () => {
    expect(admit('api server', policy(spec)).spec).toMatchObject(spec);
  });
}

const bad = "app == 'x";
const refused: [title: string, spec: object, field: string][] = [
  [
    'duplicate methods',
    { ingress: [{ action: 'Allow', http: { methods: ['GET', 'PUT', 'GET'] } }] },
    'spec.ingress[0].http.methods',
  ],
  ['exact and prefix in one entry', path({ exact: '/', prefix: '/a' }), 'spec.ingress[0].http.paths[0]'],
  ['an empty path entry', path({}), 'spec.ingress[0].http.paths[0]'],
  ['a path without slash', path({ prefix: 'static' }), 'spec.ingress[0].http.paths[0]'],
  ['a path with a query', path({ exact: '/?x=1' }), 'spec.ingress[0].http.paths[0]'],
  ['a path with a fragment', path({ exact: '/#a' }), 'spec.ingress[0].http.paths[0]'],
  ['a path with a space', path({ exact: '/a b' }), 'spec.ingress[0].http.paths[0]'],
  [
    'HTTP on a Deny rule',
    { ingress: [{ action: 'Allow' }, { action: 'Deny', http }] },
    'spec.ingress[1].http',
  ],
  ['HTTP on a Log rule', { ingress: [{ action: 'Log', http }] }, 'spec.ingress[0].http'],
  ['HTTP in egress', { egress: [{ action: 'Allow', http }] }, 'spec.egress[0].http'],
  ['HTTP with UDP', { ingress: [{ action: 'Allow', protocol: 'UDP', http }] }, 'spec.ingress[0].http'],
  ['an unknown action', { ingress: [{ action: 'allow' }] }, 'spec.ingress[0].action'],
  ['a selector that does not parse', { selector: bad }, 'spec.selector'],
  ['a namespace selector that does not parse', { namespaceSelector: bad }, 'spec.namespaceSelector'],
  [
    'a source that does not parse',
    { ingress: [{ action: 'Deny', source: { notSelector: bad } }] },
    'spec.ingress[0].source.notSelector',
  ],
  [
    'accounts that do not parse',
    { ingress: [{ action: 'Deny', destination: { serviceAccounts: { selector: bad } } }] },
    'spec.ingress[0].destination.serviceAccounts.selector',
  ],
  ['a name without its tier', { tier: 'early' }, 'metadata.name'],
];
for (const [title, spec, field] of refused) {
  test(`refuses ${title}, and names the field`, () => {
    expect(() => admit('api server', policy(spec))).toThrow(
      expect.objectContaining({
        code: 422,
        message: expect.stringMatching(/^GlobalNetworkPolicy\.projectcalico\.org "t" is invalid: /),
        details: expect.objectContaining({ causes: [expect.objectContaining({ field })] }),
      }),
    );
  });
}

const undecodable: [title: string, spec: object, says: string][] = [
  [
    'an unknown field',
    { ingress: [{ action: 'Allow', htttp: {} }] },
    'unknown field "spec.ingress[0].htttp"',
  ],
  ['a wrong type', { ingress: [{ action: 'Allow', http: { methods: 'GET' } }] }, 'cannot unmarshal string'],
];
for (const [title, spec, says] of undecodable) {
  test(`cannot decode ${title}`, () => {
    expect(() => admit('api server', policy(spec))).toThrow(
      expect.objectContaining({ code: 400, message: expect.stringContaining(says) }),
    );
  });
}

test('a policy of another tier carries its name', () => {
  const object = policy({ tier: 'early' }, 'NetworkPolicy', 'early.t');
  expect(admit('api server', object).spec).toMatchObject({ tier: 'early' });
});

test('rules of staged policies are looked at too', () => {
  const object = policy({ egress: [{ action: 'Allow', http }] }, 'StagedNetworkPolicy');
  expect(() => admit('api server', object)).toThrow('spec.egress[0].http');
});

test('HTTP clauses have limits, which releases before 3.32 did not know', () => {
  const paths = [{ exact: '/'.padEnd(1025, 'x') }];
  const object = policy({
    ingress: [{ action: 'Allow', http: { methods: [...'abcdefghijklmnopqrstu'], paths } }],
  });
  expect(() => admit('api server', object)).toThrow(
    expect.objectContaining({
      details: expect.objectContaining({
        causes: [
          expect.objectContaining({ field: 'spec.ingress[0].http.methods' }),
          expect.objectContaining({ field: 'spec.ingress[0].http.paths[0].exact' }),
        ],
      }),
    }),
  );
  expect(admit('api server', object, { limitsHttpClauses: false }).spec).toMatchObject(
    object.spec as Record<string, unknown>,
  );
});

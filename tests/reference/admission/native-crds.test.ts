import { expect, test } from '@playwright/test';
import { readDryRuns } from '../../fidelity/tables/dry-runs.ts';
import { variants } from '../../fidelity/variants.ts';
import { admit, asKubectlPrints, policy } from './admit.ts';

const recorded = readDryRuns();
// Those of an unserved group are no matter of admission.
const specs = Object.entries(variants.dryRuns).filter(([, { apiVersion }]) => apiVersion === undefined);

for (const [title, spec] of specs) {
  test(`${title}: as on a real cluster`, () => {
    const object = policy({ selector: "app == 'frontend'", ...spec });
    expect(asKubectlPrints('native crds', object)).toBe(recorded.get(title));
  });
}

const more: [title: string, spec: unknown, printed: string][] = [
  [
    'two broken rules',
    { ingress: [{ action: 'Deny', protocol: 'UDP', http: {} }] },
    `The GlobalNetworkPolicy "t" is invalid: 
* spec.ingress[0]: Forbidden: HTTP match is only valid on Allow rules
* spec.ingress[0]: Invalid value: "object": rules with HTTP match must have protocol TCP or unset`,
  ],
  [
    'two unknown fields',
    { ordre: 1, ingress: [{ action: 'Allow', source: { net: [] } }] },
    'Error from server (BadRequest): error when creating "STDIN": GlobalNetworkPolicy in version "v3" cannot be handled as a GlobalNetworkPolicy: strict decoding error: unknown field "spec.ordre", unknown field "spec.ingress[0].source.net"',
  ],
  [
    'no action',
    { egress: [{}] },
    `The GlobalNetworkPolicy "t" is invalid: 
* spec.egress[0].action: Required value
* <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation`,
  ],
  [
    'an ICMP type that cannot be',
    { ingress: [{ action: 'Allow', icmp: { type: 256 } }] },
    'The GlobalNetworkPolicy "t" is invalid: spec.ingress[0].icmp.type: Invalid value: 256: spec.ingress[0].icmp.type in body should be less than or equal to 255',
  ],
];
for (const [title, spec, printed] of more) {
  test(`${title}: as the machinery of CRDs words it`, () => {
    expect(asKubectlPrints('native crds', policy(spec))).toBe(printed);
  });
}

test('protocols and ports are numbers or names', () => {
  const rule = { action: 'Allow', protocol: 6, destination: { ports: [80, '8000:8080', 'web'] }, http: {} };
  expect(admit('native crds', policy({ ingress: [rule] })).spec).toMatchObject({ ingress: [rule] });
  const wrong = { action: 'Allow', protocol: {} };
  expect(asKubectlPrints('native crds', policy({ ingress: [wrong] }))).toContain(
    'spec.ingress[0].protocol in body must be of type integer,string: "object"',
  );
});

test('the message names the kind with its group', () => {
  const object = policy({ ingress: [{ action: 'Deny', http: {} }] });
  expect(() => admit('native crds', object)).toThrow(
    /^GlobalNetworkPolicy\.projectcalico\.org "t" is invalid: spec\.ingress\[0\]: Forbidden: /,
  );
});

test('what is not known is dropped unless it is strictly refused', () => {
  const object = policy({ selector: 'all()', ingress: [{ action: 'Allow', htttp: { a: 1 } }] });
  for (const fieldValidation of ['Warn', 'Ignore'] as const) {
    const { spec } = admit('native crds', object, { fieldValidation });
    expect((spec as { ingress: unknown[] }).ingress).toEqual([{ action: 'Allow' }]);
  }
});

test('nothing is asked of what is deleted', () => {
  const object = policy({ ingress: [{ action: 'allow', htttp: {} }] });
  expect(admit('native crds', object, { operation: 'DELETE' })).toBe(object);
});

test('settings of Felix may be any', () => {
  const object = policy(
    { policySyncPathPrefix: '/var/run/nodeagent', anyOther: { x: [1] } },
    'FelixConfiguration',
  );
  expect(admit('native crds', object)).toEqual(object);
});

test('kinds of others are none of its business', () => {
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'x' },
    spec: { any: 1 },
  };
  expect(admit('native crds', object)).toBe(object);
});

test.describe('custom resources that keep the promises', () => {
  const http = { methods: ['GET'] };
  const refused: [title: string, spec: object, field: string][] = [
    ['HTTP in egress', { egress: [{ action: 'Allow', http }] }, 'spec.egress[0].http'],
    [
      'a path without slash',
      { ingress: [{ action: 'Allow', http: { paths: [{ exact: 'a' }] } }] },
      'spec.ingress[0].http.paths[0]',
    ],
    ['a selector that does not parse', { selector: "app = 'a'" }, 'spec.selector'],
  ];
  for (const [title, spec, field] of refused) {
    test(`refuse ${title}, which released ones accept`, () => {
      expect(() => admit('native crds', policy(spec))).not.toThrow();
      expect(() => admit('native crds', policy(spec), { checksPolicies: true })).toThrow(
        expect.objectContaining({
          code: 422,
          details: expect.objectContaining({ causes: [expect.objectContaining({ field })] }),
        }),
      );
    });
  }

  test('demand no name of a tier', () => {
    expect(() => admit('native crds', policy({ tier: 'early' }), { checksPolicies: true })).not.toThrow();
  });
});

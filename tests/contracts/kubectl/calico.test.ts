import { expect } from '@playwright/test';
import { globalNetworkPolicy } from '../../../fixtures/policies/calico-policy.ts';
import { failure, success, test, yaml } from './fixture.ts';

const notAllChecked =
  '* <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
const strict =
  'GlobalNetworkPolicy in version "v3" cannot be handled as a GlobalNetworkPolicy: strict decoding error:';

/** What Calico 3.32 answered `kubectl apply` with (recorded in tests/fidelity/recorded/api-validation-native-crds.txt). */
const refused: [what: string, rule: object, words: string][] = [
  [
    'an HTTP match on a Deny rule',
    { action: 'Deny', http: { methods: ['GET'] } },
    'The GlobalNetworkPolicy "t" is invalid: spec.ingress[0]: Forbidden: HTTP match is only valid on Allow rules',
  ],
  [
    'an HTTP match for UDP',
    { action: 'Allow', protocol: 'UDP', http: { methods: ['GET'] } },
    'The GlobalNetworkPolicy "t" is invalid: spec.ingress[0]: Invalid value: "object": rules with HTTP match must have protocol TCP or unset',
  ],
  [
    'an action in lower case',
    { action: 'allow' },
    `The GlobalNetworkPolicy "t" is invalid: \n* spec.ingress[0].action: Unsupported value: "allow": supported values: "Allow", "Deny", "Log", "Pass"\n${notAllChecked}`,
  ],
  [
    'methods that are not a list',
    { action: 'Allow', http: { methods: 'GET' } },
    `The GlobalNetworkPolicy "t" is invalid: \n* spec.ingress[0].http.methods: Invalid value: "string": spec.ingress[0].http.methods in body must be of type array: "string"\n${notAllChecked}`,
  ],
  [
    'an unknown field',
    { action: 'Allow', htttp: { methods: ['GET'] } },
    `Error from server (BadRequest): error when creating "STDIN": ${strict} unknown field "spec.ingress[0].htttp"`,
  ],
  [
    'a path by pattern',
    { action: 'Allow', http: { paths: [{ regex: '/.*' }] } },
    `Error from server (BadRequest): error when creating "STDIN": ${strict} unknown field "spec.ingress[0].http.paths[0].regex"`,
  ],
];
test('policies are refused in the words of Calico', async ({ $, mesh: { store } }) => {
  const said = await Promise.all(
    refused.map(([, rule]) => {
      const policy = globalNetworkPolicy('t', { selector: 'all()', ingress: [rule as never] });
      return $.given(yaml(policy))`kubectl apply -f -`;
    }),
  );
  for (const [index, [what, , words]] of refused.entries()) expect(said[index], what).toEqual(failure(words));
  expect(store.find('GlobalNetworkPolicy.projectcalico.org', 't')).toBeUndefined();
});

test('a policy is refused in the API of old', async ({ $ }) => {
  const policy = {
    ...globalNetworkPolicy('t', { selector: 'all()' }),
    apiVersion: 'crd.projectcalico.org/v1',
  };
  const { stderr } = await $.given(yaml(policy))`kubectl apply -f -`;
  expect(stderr).toContain('no matches for kind "GlobalNetworkPolicy" in version "crd.projectcalico.org/v1"');
});

test('a field that is unknown is dropped with a warning, when that is enough', async ({
  $,
  namespace: name,
}) => {
  const policy = globalNetworkPolicy(name, { selector: `app == '${name}'` });
  const odd = yaml({ ...policy, spec: { ...(policy.spec as object), selectr: 'all()' } });
  expect(await $.given(odd)`kubectl apply --validate=warn -f -`).toEqual({
    ...success(`globalnetworkpolicy.projectcalico.org/${name} created`),
    stderr: 'Warning: unknown field "spec.selectr"',
  });
  expect(await $`kubectl get gnp ${name} -o jsonpath={.spec.selector}{.spec.selectr}`).toEqual(
    success(`app == '${name}'`),
  );
  expect(await $`kubectl delete gnp ${name}`).toEqual(
    success(`globalnetworkpolicy.projectcalico.org "${name}" deleted`),
  );
});

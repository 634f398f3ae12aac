import { expect } from '@playwright/test';
import { failure, test, yaml } from './fixture.ts';

const container = { name: 'main', image: 'redis:8' };
const selector = { matchLabels: { app: 'web' } };
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } };
const deployment = (spec: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec,
});

/** What a person forgets or mistypes, and what of the answer tells them so. */
const refusals: [what: string, manifest: object, words: string][] = [
  [
    'an unknown field',
    deployment({ replicaz: 1, selector, template }),
    'Error from server (BadRequest): error when creating "STDIN": Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replicaz"',
  ],
  [
    'a value of another type',
    deployment({ replicas: '1', selector, template }),
    'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field ',
  ],
  [
    'what is not there and must be',
    deployment({}),
    'The Deployment "web" is invalid: \n* spec.selector: Required value\n* spec.template: Required value',
  ],
  [
    'a selector of other pods',
    deployment({ selector: { matchLabels: { app: 'other' } }, template }),
    'The Deployment "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
  ],
];

test('manifests are refused in the words of Kubernetes', async ({ $ }) => {
  const said = await Promise.all(refusals.map(([, manifest]) => $.given(yaml(manifest))`kubectl apply -f -`));
  for (const [index, [what, , words]] of refusals.entries()) {
    expect(said[index], what).toEqual({ ...failure(words), stderr: expect.stringContaining(words) });
  }
});

import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import {
  injectionBy,
  injectorsIn,
  labelPatch,
  podLabels,
  UnclearInjection,
} from '../../fixtures/injector/injection.ts';
import { type IstioShape, istioObjects } from '../../reference/istio/objects.ts';

/** The webhook configurations of installations, one beside the other. */
function webhooksOf(...shapes: IstioShape[]): KubeObject[] {
  return shapes.flatMap((shape) =>
    istioObjects('1.28.10', { shape }).filter(({ kind }) => kind === 'MutatingWebhookConfiguration'),
  );
}

/** As istioctl leaves a configuration that a tag has taken over from (istio `istioctl/pkg/tag/util.go`). */
function deactivated(configuration: KubeObject): KubeObject {
  const never = { matchLabels: { 'istio.io/deactivated': 'never-match' } };
  const webhooks = (configuration.webhooks as object[]).map((webhook) => ({
    ...webhook,
    namespaceSelector: never,
    objectSelector: never,
  }));
  return { ...configuration, webhooks };
}

const blue: IstioShape = { revision: 'blue' };
const green: IstioShape = { revision: 'green' };
const [plain] = webhooksOf({}) as [KubeObject];

const legacy = { key: 'istio-injection', value: 'enabled' };
const revision = (value: string) => ({ key: 'istio.io/rev', value });

const clear: [
  what: string,
  webhooks: KubeObject[],
  asked: Parameters<typeof injectionBy>[1],
  label: object,
  configMap: string,
][] = [
  ['one without a revision', webhooksOf({}), {}, legacy, 'istio-sidecar-injector'],
  ['one revision', webhooksOf(blue), {}, revision('blue'), 'istio-sidecar-injector-blue'],
  [
    'one revision with a tag, which has its own name all the same',
    webhooksOf({ ...blue, tags: ['prod'] }),
    {},
    revision('blue'),
    'istio-sidecar-injector-blue',
  ],
  [
    'one revision that the default tag leads to',
    webhooksOf({ ...blue, tags: ['default'] }),
    {},
    legacy,
    'istio-sidecar-injector-blue',
  ],
  [
    'one without a revision, whose webhooks the default tag has taken over',
    [deactivated(plain), ...webhooksOf({ tags: ['default'] }).slice(1)],
    {},
    legacy,
    'istio-sidecar-injector',
  ],
  ['a revision beside the default one', webhooksOf(blue, {}), {}, legacy, 'istio-sidecar-injector'],
  [
    'a revision beside the default one, and asked for',
    webhooksOf(blue, {}),
    { asked: 'blue' },
    revision('blue'),
    'istio-sidecar-injector-blue',
  ],
  [
    'two revisions and a tag that is asked for',
    webhooksOf(blue, { ...green, tags: ['prod'] }),
    { asked: 'prod' },
    revision('prod'),
    'istio-sidecar-injector-green',
  ],
  [
    'two revisions, one of which the shop has already',
    webhooksOf(blue, green),
    { already: { 'istio.io/rev': 'green' } },
    revision('green'),
    'istio-sidecar-injector-green',
  ],
  [
    'a revision that the shop would have, if its other label did not come first',
    webhooksOf(blue, {}),
    { already: { 'istio.io/rev': 'blue', 'istio-injection': 'enabled' } },
    legacy,
    'istio-sidecar-injector',
  ],
];

for (const [what, webhooks, asked, label, configMap] of clear) {
  test(`${what} is asked for by its label, and reads its own ConfigMap`, () => {
    expect(injectionBy(injectorsIn(webhooks), asked)).toMatchObject({
      label,
      namespace: 'istio-system',
      configMap: { kind: 'ConfigMap', namespace: 'istio-system', name: configMap },
    });
  });
}

const remote = {
  ...plain,
  webhooks: (plain.webhooks as object[]).map((webhook) => ({
    ...webhook,
    clientConfig: { url: 'https://x' },
  })),
};

const unclear: [
  what: string,
  webhooks: KubeObject[],
  asked: Parameters<typeof injectionBy>[1],
  sentence: RegExp,
][] = [
  ['no injector', [], {}, /^Istio has no sidecar injector .+: install Istio with its injector\.$/],
  [
    "another product's webhooks",
    [{ ...plain, webhooks: [{ name: 'x.example.com', clientConfig: {} }] }],
    {},
    /^Istio has no sidecar injector/,
  ],
  ['an injector that is switched off', [deactivated(plain)], {}, /^Istio has no sidecar injector/],
  [
    'two revisions without a default one',
    webhooksOf(blue, { ...green, tags: ['prod'] }),
    {},
    /^Istio has several revisions or tags \(blue, green, prod\), .+: say which one .+ --revision NAME\.$/,
  ],
  [
    'a revision that is not there',
    webhooksOf(blue),
    { asked: 'red' },
    /^Istio has no revision or tag red .+\(it has blue\): give --revision one of these\.$/,
  ],
  [
    'an injector elsewhere',
    [remote],
    {},
    /outside this cluster.+: use a cluster with an istiod of its own\.$/,
  ],
];

for (const [what, webhooks, asked, sentence] of unclear) {
  test(`${what} is told in one sentence`, () => {
    const attempt = () => injectionBy(injectorsIn(webhooks), asked);
    expect(attempt).toThrow(UnclearInjection);
    expect(attempt).toThrow(sentence);
  });
}

test('a namespace that comes into the mesh has one of the two labels alone', () => {
  const [byDefault] = injectorsIn(webhooksOf({}));
  expect(labelPatch(injectionBy([byDefault!]))).toEqual({
    'istio-injection': 'enabled',
    'istio.io/rev': null,
  });
  expect(labelPatch(injectionBy(injectorsIn(webhooksOf(blue))))).toEqual({
    'istio.io/rev': 'blue',
    'istio-injection': null,
  });
});

test('a pod asks for itself by the label that its injector listens to', () => {
  expect(podLabels(injectionBy(injectorsIn(webhooksOf({}))))).toEqual({ 'sidecar.istio.io/inject': 'true' });
  expect(podLabels(injectionBy(injectorsIn(webhooksOf(blue))))).toEqual({ 'istio.io/rev': 'blue' });
});

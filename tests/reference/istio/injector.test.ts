import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { dikastesTemplate, withTemplate } from '../../../fixtures/injector/template.ts';
import { injector } from '../../../reference/istio/injector.ts';
import { istioObjects } from '../../../reference/istio/objects.ts';
import { type IstioRules, istioRules } from '../../../reference/rules/istio.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { StatusError } from '../../../reference/store/status-error.ts';
import { Store } from '../../../reference/store/store.ts';

const templates = { 'inject.istio.io/templates': 'sidecar,dikastes' };
const image = 'quay.io/calico/dikastes:v3.32.1';
const dikastes = dikastesTemplate({ image, native: true });
const configMap = 'ConfigMap';

interface Container {
  name: string;
  image: string;
  restartPolicy?: string;
  env?: { name: string; value: string }[];
  args?: string[];
  volumeMounts?: { name: string; mountPath: string }[];
}

interface Pod extends KubeObject {
  spec: { initContainers?: Container[]; containers: Container[]; volumes?: { name: string; csi?: object }[] };
}

/** A cluster where Istio is installed and istiod ready. */
function cluster({ ready = true } = {}): Store {
  const store = new Store(resourceTypes);
  for (const object of istioObjects('1.28.10')) store.create(object);
  store.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'istiod-1', namespace: 'istio-system', labels: { app: 'istiod' } },
    spec: { containers: [] },
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  });
  store.create(namespace('shop', { 'istio-injection': 'enabled' }));
  store.create(namespace('plain', {}));
  return store;
}

function namespace(name: string, labels: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

function edit(store: Store, change: (config: string) => string): void {
  store.change(configMap, 'istio-sidecar-injector', 'istio-system', (draft) => {
    const data = draft.data as { config: string };
    data.config = change(data.config);
  });
}

function withDikastes(template = dikastes): Store {
  const store = cluster();
  edit(store, (config) => withTemplate(config, 'dikastes', template));
  return store;
}

function podOf(metadata: Partial<KubeObject['metadata']> = {}, containers?: object[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app', namespace: 'shop', ...metadata },
    spec: { containers: [{ name: 'app', image: 'app' }, ...(containers ?? [])] },
  };
}

function create(store: Store, pod: KubeObject, rules: Partial<IstioRules> = {}, dryRun = false): Pod {
  const { mutate } = injector(store, { ...istioRules, ...rules });
  const type = store.typeOf('v1', 'Pod')!;
  return mutate!({ operation: 'CREATE', type, object: pod, dryRun, fieldValidation: 'Strict' }) as Pod;
}

function refusal(attempt: () => unknown): { code: number; message: string } {
  try {
    attempt();
  } catch (error) {
    if (error instanceof StatusError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('it was not refused');
}

test('a pod of a labelled namespace gets a native sidecar after the container that redirects', () => {
  const { metadata, spec } = create(cluster(), podOf({ labels: { app: 'web' } }));
  expect(spec.initContainers?.map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual([
    ['istio-init', undefined],
    ['istio-proxy', 'Always'],
  ]);
  expect(spec.initContainers?.[1]).toMatchObject({
    image: 'docker.io/istio/proxyv2:1.28.10',
    ports: [{ containerPort: 15090 }],
    readinessProbe: { httpGet: { port: 15021 } },
  });
  expect(spec.containers).toEqual([{ name: 'app', image: 'app' }]);
  expect(metadata.labels).toMatchObject({
    app: 'web',
    'security.istio.io/tlsMode': 'istio',
    'service.istio.io/canonical-name': 'web',
  });
  expect(metadata.annotations).toMatchObject({
    'istio.io/rev': 'default',
    'kubectl.kubernetes.io/default-container': 'app',
  });
  expect(JSON.parse(metadata.annotations?.['sidecar.istio.io/status'] ?? '')).toMatchObject({
    initContainers: ['istio-init', 'istio-proxy'],
    containers: null,
    revision: 'default',
  });
});

test("the suite's template puts Dikastes beside the sidecar, and both share its socket", () => {
  const { spec, metadata } = create(withDikastes(), podOf({ annotations: templates }));
  expect(spec.initContainers?.map(({ name }) => name)).toEqual(['istio-init', 'istio-proxy']);
  expect(spec.containers.map(({ name }) => name).sort()).toEqual(['app', 'dikastes']);
  expect(spec.containers.find(({ name }) => name === 'dikastes')?.image).toBe(image);
  const proxies = spec.initContainers?.filter(({ name }) => name === 'istio-proxy') ?? [];
  expect(proxies).toHaveLength(1);
  expect(proxies[0]?.restartPolicy).toBe('Always');
  expect(proxies[0]?.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual(
    expect.arrayContaining(['/var/run/dikastes', '/etc/istio/proxy']),
  );
  expect(spec.volumes?.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['dikastes-sock', 'felix-sync']),
  );
  expect(JSON.parse(metadata.annotations?.['sidecar.istio.io/status'] ?? '')).toMatchObject({
    containers: ['dikastes'],
  });
});

test('a container that the pod has too is merged, and the pod has the last word', () => {
  const own = {
    name: 'dikastes',
    image: 'mine',
    env: [{ name: 'DIKASTES_HTTP_BIND_PORT', value: '7777' }],
  };
  const { spec, metadata } = create(
    withDikastes(),
    podOf({ annotations: templates, labels: { 'security.istio.io/tlsMode': 'disabled' } }, [own]),
  );
  const merged = spec.containers.filter(({ name }) => name === 'dikastes');
  expect(merged).toHaveLength(1);
  expect(merged[0]).toMatchObject({ image: 'mine', env: own.env, args: expect.arrayContaining(['server']) });
  expect(metadata.labels?.['security.istio.io/tlsMode']).toBe('disabled');
});

test('a pod that asks for it is injected without its namespace, also in a dry run', () => {
  const labels = { 'sidecar.istio.io/inject': 'true' };
  const { spec } = create(cluster(), podOf({ namespace: 'plain', labels }), {}, true);
  expect(spec.initContainers).toHaveLength(2);
});

test('pods elsewhere and other operations are left alone', () => {
  const store = withDikastes();
  const pod = podOf({ namespace: 'plain', annotations: templates });
  expect(create(store, pod)).toBe(pod);
  const own = podOf();
  const type = store.typeOf('v1', 'Pod')!;
  const request = {
    operation: 'UPDATE',
    type,
    object: own,
    old: own,
    dryRun: false,
    fieldValidation: 'Strict',
  } as const;
  expect(injector(store, istioRules).mutate?.(request)).toBe(own);
});

test('without a webhook configuration nothing is injected', () => {
  const store = cluster();
  store.remove('MutatingWebhookConfiguration.admissionregistration.k8s.io', 'istio-sidecar-injector');
  expect(create(store, podOf()).spec.initContainers).toBeUndefined();
});

const unusable: [what: string, template: string | undefined, reason: RegExp][] = [
  ['that is not there', undefined, /: requested template "dikastes" not found; have gateway, sidecar$/],
  [
    'in the language of Go',
    'spec:\n  containers: [{ name: {{ .Name }} }]\n',
    /the reference mesh knows plain YAML only$/,
  ],
  ['that is not YAML', 'spec: [', /template "dikastes" is not YAML: /],
  ['that is no part of a pod', 'just words', /template "dikastes" is no part of a pod$/],
];

for (const [what, template, reason] of unusable) {
  test(`a pod that asks for a template ${what} is refused with the reason`, () => {
    const store = template === undefined ? cluster() : withDikastes(template);
    const { code, message } = refusal(() => create(store, podOf({ annotations: templates })));
    expect(code).toBe(400);
    expect(message).toMatch(
      /^admission webhook "namespace\.sidecar-injector\.istio\.io" denied the request: /,
    );
    expect(message).toMatch(reason);
    expect(create(store, podOf()).spec.initContainers).toHaveLength(2);
  });
}

test('while istiod is down no pod of the mesh can be made', () => {
  const store = cluster({ ready: false });
  const { code, message } = refusal(() => create(store, podOf()));
  expect(code).toBe(500);
  expect(message).toContain('failed calling webhook "namespace.sidecar-injector.istio.io"');
  const outside = podOf({ namespace: 'plain' });
  expect(create(store, outside)).toBe(outside);
  const unharmed = podOf();
  expect(create(store, unharmed, { admitsUnanswered: () => true })).toBe(unharmed);
});

test('the decision is a rule that can be replaced', () => {
  const pod = podOf({ namespace: 'plain' });
  expect(create(cluster(), pod, { injects: () => true }).spec.initContainers).toHaveLength(2);
});

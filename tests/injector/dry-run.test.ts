import { expect } from '@playwright/test';
import { dryRunInjection } from '../../fixtures/injector/dry-run.ts';
import { test } from '../cluster/fixture.ts';

const pods = '/api/v1/namespaces/shop/pods';
const app = { name: 'app', image: 'app' };
const proxy = { name: 'istio-proxy', image: 'proxyv2' };
const dikastes = { name: 'dikastes', image: 'quay.io/calico/dikastes:v3.32.1' };

const shapes: [what: string, spec: object, shape: object][] = [
  ['a pod that is not injected', { containers: [app] }, { containers: ['app'], native: false }],
  [
    'a pod with a sidecar',
    { containers: [app, proxy] },
    { containers: ['app', 'istio-proxy'], native: false },
  ],
  [
    'a pod with a native sidecar and Dikastes',
    {
      initContainers: [{ name: 'istio-init' }, { ...proxy, restartPolicy: 'Always' }],
      containers: [app, dikastes],
    },
    { containers: ['istio-proxy', 'app', 'dikastes'], native: true, dikastesImage: dikastes.image },
  ],
  [
    'a pod with another native sidecar',
    { initContainers: [{ name: 'log', restartPolicy: 'Always' }], containers: [app, proxy] },
    { containers: ['log', 'app', 'istio-proxy'], native: false },
  ],
];

for (const [what, spec, shape] of shapes) {
  test(`${what} is read from what the API server answers`, async ({ api }) => {
    api.on('POST', pods, ({ body }, answer) => answer.json({ ...(body as object), spec }));
    expect(await dryRunInjection(api.cluster(), 'shop')).toEqual(shape);
  });
}

test('the pod is asked for with its annotations, and never made', async ({ api }) => {
  api.on('POST', pods, ({ body }, answer) => answer.json(body));
  const annotations = { 'inject.istio.io/templates': 'sidecar,dikastes' };
  await dryRunInjection(api.cluster(), 'shop', annotations);
  const [request] = api.seen('POST', pods);
  expect(request?.query).toMatchObject({ dryRun: 'All' });
  expect(request?.body).toMatchObject({
    kind: 'Pod',
    metadata: { namespace: 'shop', annotations, labels: { 'sidecar.istio.io/inject': 'true' } },
  });
});

test("the injector's refusal is told in its own words", async ({ api }) => {
  api.on('POST', pods, (_, answer) =>
    answer.refuse(400, 'BadRequest', 'admission webhook denied: requested template "dikastes" not found'),
  );
  await expect(dryRunInjection(api.cluster(), 'shop')).rejects.toThrow(
    'requested template "dikastes" not found',
  );
});

import { expect } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { askForDikastes } from '../../../fixtures/injector/ask.ts';
import { dikastesImageFor, dikastesTemplate, withTemplate } from '../../../fixtures/injector/template.ts';
import { tutorialPolicies } from '../../../fixtures/policies/tutorial.ts';
import { policySyncPath } from '../../../fixtures/policy-sync.ts';
import { type Mesh, startMesh } from '../../../reference/mesh.ts';
import { versions } from '../../../reference/versions.ts';
import { strictMutualTls } from '../../../scripts/runbook/peer-authentication.ts';
import { routes } from '../../../scripts/runbook/routing-the-traffic.ts';
import { serviceMeshAuthorization } from '../../../scripts/runbook/service-mesh-authorization.ts';
import type { Walk } from '../../../scripts/runbook/walk.ts';
import { kubeconfigFor } from '../fixture.ts';
import { test as base, success, yaml } from './fixture.ts';
import type { Shell } from './shell.ts';

/** It changes the whole mesh, so it has one of its own, and types its commands in the namespace of the shop. */
const test = base.extend<{ own: Mesh }>({
  own: async ({}, use) => {
    const own = await startMesh();
    await use(own);
    await own.shut();
  },
  kubeconfig: async ({ own }, use, info) => use(kubeconfigFor(own, 'default', info.outputPath('kubeconfig'))),
});

test('the tutorial is followed by kubectl', async ({ $, own: { ingress } }) => {
  /** The status of a page of the shop, asked for at the gateway. */
  const page = async (path: string) => (await fetch(`http://${ingress.host}:${ingress.port}${path}`)).status;

  expect(await $.given(yaml(strictMutualTls))`kubectl create -f -`).toEqual(
    success('peerauthentication.security.istio.io/default-strict-mode created'),
  );
  const felix = JSON.stringify({ spec: { policySyncPathPrefix: policySyncPath } });
  expect(await $`kubectl patch FelixConfiguration default --type=merge --patch=${felix}`).toEqual(
    success('felixconfiguration.projectcalico.org/default patched'),
  );
  expect(
    await $`kubectl patch configmap -n istio-system istio-sidecar-injector --patch ${await template($)}`,
  ).toEqual(success('configmap/istio-sidecar-injector patched'));
  expect(await $.given(yaml(...(await authorization())))`kubectl apply -f -`).toEqual(
    success(
      [
        'serviceentry.networking.istio.io/dikastes created',
        'destinationrule.networking.istio.io/dikastes-mtls created',
        'envoyfilter.networking.istio.io/ext-authz created',
      ].join('\n'),
    ),
  );
  expect(await $.given(yaml(...routes))`kubectl apply -f -`).toMatchObject({ status: 0, stderr: '' });
  const { stdout: service } = await $`kubectl get svc -n istio-system istio-ingressgateway`;
  expect(service).toMatch(new RegExp(`^istio-ingressgateway +LoadBalancer .*80:${ingress.port}/TCP`, 'm'));
  await expect.poll(() => page('/cart'), 'a page before any policy').toBe(200);

  expect(await $`kubectl label namespace default istio-injection=enabled`).toEqual(
    success('namespace/default labeled'),
  );
  const annotations = askForDikastes(versions.istio);
  const asking = JSON.stringify({ spec: { template: { metadata: { annotations } } } });
  await $`kubectl patch deployment frontend -p ${asking}`;
  await $`kubectl rollout restart deployment/frontend`;
  expect(await $`kubectl rollout status deployment/frontend --timeout=10s`).toMatchObject({ status: 0 });
  const containers =
    'jsonpath={range .items[*]}{.spec.initContainers[*].name} {.spec.containers[*].name}{"\\n"}{end}';
  const ready = '--field-selector=status.phase=Running';
  await expect
    .poll(() => $`kubectl get pods -l app=frontend ${ready} -o ${containers}`)
    .toEqual(success('istio-init istio-proxy dikastes server'));
  const { stdout: pods } = await $`kubectl get pods -l app=frontend --no-headers`;
  expect(pods).toMatch(/^frontend-\S+ +3\/3 +Running /);

  const { 'frontend-deny': deny, 'frontend-allow-homepage': allow } = tutorialPolicies;
  expect(await $.given(yaml(deny))`kubectl apply -f -`).toEqual(
    success('globalnetworkpolicy.projectcalico.org/frontend-deny created'),
  );
  await expect.poll(() => page('/'), 'the home page, denied').not.toBe(200);
  expect(await $.given(yaml(allow))`kubectl apply -f -`).toEqual(
    success('globalnetworkpolicy.projectcalico.org/frontend-allow-homepage created'),
  );
  await expect.poll(() => page('/'), 'the home page, allowed').toBe(200);
  expect(await page('/cart'), 'another page').toBe(403);
});

/** The injector's configuration with Dikastes, as a patch of its ConfigMap. */
async function template($: Shell): Promise<string> {
  const { stdout: config } =
    await $`kubectl get configmap -n istio-system istio-sidecar-injector -o jsonpath={.data.config}`;
  const dikastes = dikastesTemplate({ image: dikastesImageFor(versions.calico), native: true });
  return JSON.stringify({ data: { config: withTemplate(config, 'dikastes', dikastes) } });
}

/** What the tutorial applies from a manifest of Calico's. */
async function authorization(): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  const guest = { createMissing: async (made: readonly KubeObject[]) => objects.push(...made) };
  await serviceMeshAuthorization.apply({ guest } as unknown as Walk);
  return objects;
}

import { expect } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { admissionOf, podToBe } from '../../fixtures/injector/admission.ts';
import { makeSound, paths } from '../cli/sound-cluster.ts';
import type { FakeApi } from '../cluster/fake-api.ts';
import { test as base, rejection } from '../cluster/fixture.ts';

const test = base.extend<{ sound: FakeApi }>({
  sound: async ({ api }, use) => {
    makeSound(api);
    await use(api);
  },
});

const versions = { kubernetes: 'v1.34.4', calico: 'v3.32.1', istio: '1.28.10', boutique: 'v0.10.6' };

interface Pod extends KubeObject {
  spec: { containers: { name: string; resources?: { limits?: object } }[] };
}

const forbidden = (why: string) => `pods "alp-conformance-admission-dry-run" is forbidden: ${why}`;
const withoutLimits = forbidden(
  'failed quota: team: must specify limits.cpu for: dikastes; limits.memory for: dikastes',
);

/** A namespace whose quota counts limits, so that every container must have them. */
function countLimits(api: FakeApi): void {
  api.on('POST', paths.dryRun, ({ body }, answer) => {
    const { spec } = body as Pod;
    if (
      spec.containers.some(({ name, resources }) => name === 'dikastes' && resources?.limits === undefined)
    ) {
      answer.refuse(403, 'Forbidden', withoutLimits);
    } else answer.json(body, 201);
  });
}

test('a pod that may be made is made as documented', async ({ sound }) => {
  expect(await admissionOf(sound.cluster(), { versions })).toMatchObject({ admitted: true, limits: false });
  expect(sound.seen('POST', paths.dryRun)).toHaveLength(1);
  expect(sound.seen('POST', paths.dryRun)[0]?.query).toMatchObject({ dryRun: 'All' });
});

test('where every container must have limits, Dikastes has them', async ({ sound }) => {
  countLimits(sound);
  expect(await admissionOf(sound.cluster(), { versions })).toMatchObject({ admitted: true, limits: true });
});

test('a quota that is used up is told in the words of the server', async ({ sound }) => {
  const said = forbidden('exceeded quota: team, requested: pods=1, used: pods=10, limited: pods=10');
  sound.on('POST', paths.dryRun, (_, answer) => answer.refuse(403, 'Forbidden', said));
  expect(await admissionOf(sound.cluster(), { versions })).toEqual({ admitted: false, said });
});

test('a webhook that cannot be called is told in the words of the server', async ({ sound }) => {
  const said = 'Internal error occurred: failed calling webhook "x": no endpoints available';
  sound.on('POST', paths.dryRun, (_, answer) => answer.refuse(500, 'InternalError', said));
  expect(await admissionOf(sound.cluster(), { versions })).toEqual({ admitted: false, said });
});

test('that someone may not make pods says nothing of the pod', async ({ sound }) => {
  const said =
    'pods is forbidden: User "x" cannot create resource "pods" in API group "" in the namespace "default"';
  sound.on('POST', paths.dryRun, (_, answer) => answer.refuse(403, 'Forbidden', said));
  const error = await rejection(admissionOf(sound.cluster(), { versions }));
  expect(error.message).toContain('may not create pods');
});

test('a pod without a sidecar says that the injector did not take part', async ({ sound }) => {
  expect(await admissionOf(sound.cluster(), { versions })).toMatchObject({ injected: true });
  sound.on('POST', paths.dryRun, ({ body }, answer) => answer.json(body, 201));
  expect(await admissionOf(sound.cluster(), { versions })).toMatchObject({ injected: false });
});

const frontend = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'frontend', namespace: 'default' },
  spec: {
    template: {
      metadata: {
        labels: { app: 'frontend' },
        annotations: { 'inject.istio.io/templates': 'sidecar,dikastes', team: 'shop' },
      },
      spec: {
        serviceAccountName: 'frontend',
        containers: [
          { name: 'server', image: 'shop' },
          { name: 'dikastes', image: 'old' },
        ],
        volumes: [{ name: 'cache', emptyDir: {} }],
      },
    },
  },
};
const image = 'quay.io/calico/dikastes:v3.32.1';

test("the pod that is asked about is the front end's own, with Dikastes once", () => {
  const pod = podToBe({
    frontend,
    injection: { label: { key: 'istio.io/rev', value: 'blue' } },
    image,
    limits: false,
  });
  expect(pod.metadata).toMatchObject({
    namespace: 'default',
    labels: { app: 'frontend', 'istio.io/rev': 'blue' },
    annotations: { team: 'shop' },
  });
  expect(pod.metadata.annotations, 'a template that is not there yet').not.toHaveProperty(
    'inject.istio.io/templates',
  );
  expect(pod.spec).toMatchObject({
    serviceAccountName: 'frontend',
    containers: [{ name: 'server' }, { name: 'dikastes', image }],
    volumes: [{ name: 'cache' }, { name: 'dikastes-sock' }, { name: 'felix-sync' }],
  });
});

import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { checkAgainstPods } from '../../scripts/bundle/check-against-pods.ts';
import { inRegistry, parseImage, tagOf, wholeName } from '../../scripts/bundle/image-name.ts';
import { imagesOf } from '../../scripts/bundle/images-of.ts';
import { imagesOfLane } from '../../scripts/bundle/lane-images.ts';
import { operatorImages } from '../../scripts/bundle/operator-images.ts';
import { laneNamed } from '../../scripts/lanes/lane.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test('a name is whole whatever of it was left out', () => {
  const names: [name: string, whole: string][] = [
    ['redis', 'docker.io/library/redis:latest'],
    ['redis:alpine', 'docker.io/library/redis:alpine'],
    ['calico/csi:v3.29.7', 'docker.io/calico/csi:v3.29.7'],
    ['docker.io/istio/pilot:1.28.10', 'docker.io/istio/pilot:1.28.10'],
    ['localhost/own:1', 'localhost/own:1'],
    ['registry.test:5000/own', 'registry.test:5000/own:latest'],
    [`quay.io/calico/node@${digest}`, `quay.io/calico/node@${digest}`],
    [`kindest/node:v1.34.3@${digest}`, `docker.io/kindest/node:v1.34.3@${digest}`],
  ];
  for (const [name, whole] of names) expect(wholeName(name), name).toBe(whole);
  expect(tagOf(`kindest/node:v1.34.3@${digest}`)).toBe('docker.io/kindest/node:v1.34.3');
  expect(parseImage('registry.test:5000/own').registry).toBe('registry.test:5000');
});

test('a mirror has an image under its own path', () => {
  expect(inRegistry('mirror.test', 'redis:alpine')).toBe('mirror.test/library/redis:alpine');
  expect(inRegistry('http://mirror.test:5000', 'redis:alpine')).toBe('mirror.test:5000/library/redis:alpine');
  expect(inRegistry('mirror.test:5000/', `quay.io/calico/node:v3.32.1@${digest}`)).toBe(
    `mirror.test:5000/calico/node:v3.32.1@${digest}`,
  );
});

const object = (kind: string, spec: object): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x', namespace: 'default' },
  spec,
});
const containers = (...images: string[]) => ({ containers: images.map((image) => ({ image })) });

test('images are those of pods and pod templates, once each', () => {
  const objects = [
    object('Pod', containers('a:1', 'b:1')),
    object('DaemonSet', {
      template: { spec: { initContainers: [{ image: 'c:1' }, { name: 'none' }], ...containers('a:1') } },
    }),
    object('CronJob', { jobTemplate: { spec: { template: { spec: containers('d:1') } } } }),
    // A schema speaks of images as well.
    object('CustomResourceDefinition', { versions: [{ schema: { image: { type: 'string' } } }] }),
    object('Deployment', { template: { spec: containers('auto') } }),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { values: 'no JSON' } },
  ];
  expect(imagesOf(objects)).toEqual(['a', 'b', 'c', 'd'].map((name) => `docker.io/library/${name}:1`));
});

const injector = (global: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio-sidecar-injector-canary', namespace: 'istio-system' },
  data: { config: 'templates: {}', values: JSON.stringify({ global }) },
});

test("the sidecar's image is in the injector's values, in parts", () => {
  const proxy = { image: 'proxyv2' };
  const images: [global: object, image: string][] = [
    [{ hub: 'docker.io/istio', tag: '1.28.10', variant: '', proxy }, 'docker.io/istio/proxyv2:1.28.10'],
    [
      { hub: 'mirror.test/istio', tag: '1.28.10', variant: 'distroless', proxy },
      'mirror.test/istio/proxyv2:1.28.10-distroless',
    ],
    [{ hub: 'docker.io/istio', tag: '1.28.10', proxy: { image: 'own.test/proxy:7' } }, 'own.test/proxy:7'],
  ];
  for (const [global, image] of images) expect(imagesOf([injector(global)])).toEqual([image]);
});

test("the operator's images are in no manifest", () => {
  const of = (calico: string, api: 'native crds' | 'api server') => operatorImages({ calico, api });
  expect(of('v3.24.1', 'api server')).toEqual([
    'docker.io/calico/cni:v3.24.1',
    'docker.io/calico/csi:v3.24.1',
    'docker.io/calico/kube-controllers:v3.24.1',
    'docker.io/calico/node:v3.24.1',
    'docker.io/calico/node-driver-registrar:v3.24.1',
    'docker.io/calico/pod2daemon-flexvol:v3.24.1',
    'docker.io/calico/typha:v3.24.1',
    'docker.io/calico/apiserver:v3.24.1',
  ]);
  expect(of('v3.32.1', 'native crds').at(-1)).toBe('quay.io/calico/webhooks:v3.32.1');
  expect(of('v3.30.3', 'api server')[0]).toBe('docker.io/calico/cni:v3.30.3');
  expect(of('v3.30.4', 'api server')[0]).toBe('quay.io/calico/cni:v3.30.4');
});

test('a lane needs what its manifests name, Dikastes of its Calico, and the agent', () => {
  const rendered = {
    calico: [object('DaemonSet', { template: { spec: containers('quay.io/calico/node:v3.32.1') } })],
    istio: [injector({ hub: 'docker.io/istio', tag: '1.28.10', proxy: { image: 'proxyv2' } })],
    shop: [object('Deployment', { template: { spec: containers('redis:alpine') } })],
    agent: 'node:24-alpine',
  };
  expect(imagesOfLane({ lane: laneNamed('current'), ...rendered })).toEqual([
    'docker.io/istio/proxyv2:1.28.10',
    'docker.io/library/node:24-alpine',
    'docker.io/library/redis:alpine',
    'quay.io/calico/dikastes:v3.32.1',
    'quay.io/calico/node:v3.32.1',
  ]);
  expect(imagesOfLane({ lane: laneNamed('ipv6'), ...rendered })).toContain('quay.io/calico/typha:v3.32.1');
});

test('pods that ran what is not in the list are named; what the nodes bring along is not', () => {
  const pod = (name: string, spec: object): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec,
  });
  const images = ['docker.io/library/redis:alpine', 'docker.io/istio/proxyv2:1.28.10'];
  const pods = [
    pod('redis', { initContainers: [{ image: 'istio/proxyv2:1.28.10' }], ...containers('redis:alpine') }),
    pod('other', containers('redis:alpine', 'busybox:1.36', 'busybox:1.36')),
    pod('coredns', containers('registry.k8s.io/coredns/coredns:v1.12.1')),
    pod('kube-proxy', containers('registry.k8s.io/kube-proxy:v1.34.3')),
    pod('storage', containers('docker.io/kindest/local-path-provisioner:v20260820-69b56db7')),
    pod('metrics', containers('registry.k8s.io/metrics-server/metrics-server:v0.7.2')),
  ];
  expect(checkAgainstPods(images, pods)).toEqual([
    { pod: 'default/other', image: 'docker.io/library/busybox:1.36' },
    { pod: 'default/metrics', image: 'registry.k8s.io/metrics-server/metrics-server:v0.7.2' },
  ]);
});

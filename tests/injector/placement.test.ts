import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import {
  meshObjectsFor,
  namespaceLabels,
  type Placement,
  placedPods,
} from '../../fixtures/injector/placement.ts';
import { onLinux, podSecurity } from '../../fixtures/injector/plain-pod.ts';
import { dikastesTemplate } from '../../fixtures/injector/template.ts';
import { agentDeployment } from '../../fixtures/sandbox/manifests.ts';
import { violationsOf } from '../../reference/admission/pod-security.ts';
import { injectPod } from '../../reference/istio/inject-pod.ts';
import { sidecarTemplate } from '../../reference/istio/objects/templates.ts';

const plain: Placement = {
  labels: { team: 'mesh' },
  meshLabels: { 'istio.io/rev': 'blue' },
  meshObjects: [],
  annotations: {},
  pod: { nodeSelector: onLinux, securityContext: podSecurity },
};
const agent = agentDeployment({ name: 'echo', namespace: 'alp', image: 'node' });

interface Template {
  metadata: { annotations?: Record<string, string> };
  spec: { containers: { resources?: object }[]; [field: string]: unknown };
}

function templateOf(deployment: KubeObject): Template {
  return (deployment.spec as { template: Template }).template;
}

function podOf(deployment: KubeObject): KubeObject {
  const { metadata, spec } = templateOf(deployment);
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'echo', namespace: 'alp', ...metadata }, spec };
}

test('a namespace in the mesh asks for sidecars, one outside does not', () => {
  expect(namespaceLabels(plain, true)).toEqual({ team: 'mesh', 'istio.io/rev': 'blue' });
  expect(namespaceLabels(plain, false)).toEqual({ team: 'mesh' });
});

test('the pods of the suite go to Linux nodes alone', () => {
  expect(templateOf(placedPods(agent, plain)).spec.nodeSelector).toEqual({ 'kubernetes.io/os': 'linux' });
});

test('the pods of the suite meet the Pod Security Standard restricted', () => {
  expect(violationsOf(podOf(agent), 'restricted')).toEqual([]);
  expect(violationsOf(podOf(placedPods(agent, plain)), 'restricted')).toEqual([]);
});

const image = 'quay.io/calico/dikastes:v3.32.1';
const dikastes = parse(dikastesTemplate({ image, native: true })) as object;

test('where the CNI plugin redirects traffic, they meet it with a sidecar and Dikastes too', () => {
  const templates = [sidecarTemplate('1.28.10', { cni: true }), dikastes];
  expect(violationsOf(injectPod(podOf(placedPods(agent, plain)), templates), 'restricted')).toEqual([]);
  // A seccomp profile of the container alone does not reach the sidecar.
  expect(violationsOf(injectPod(podOf(agent), templates), 'restricted')).toEqual([
    'seccompProfile (pod or containers "istio-validation", "istio-proxy" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ]);
});

test('without the plugin istio-init keeps them from baseline already', () => {
  const pod = injectPod(podOf(placedPods(agent, plain)), [sidecarTemplate('1.28.10'), dikastes]);
  expect(violationsOf(pod, 'baseline')).toEqual([
    'non-default capabilities (container "istio-init" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add)',
  ]);
  expect(violationsOf(pod, 'privileged')).toEqual([]);
});

test('limits are laid beside the requests, where there must be some', () => {
  const limits = { cpu: '2', memory: '256Mi' };
  const annotations = { 'sidecar.istio.io/proxyCPULimit': '2' };
  const { metadata, spec } = templateOf(placedPods(agent, { ...plain, annotations, limits }));
  expect(spec.containers[0]?.resources).toEqual({ limits, requests: { cpu: '10m', memory: '48Mi' } });
  expect(metadata.annotations).toEqual(annotations);
  expect(templateOf(placedPods(agent, plain)).spec.containers[0]?.resources).not.toHaveProperty('limits');
});

test('what a Deployment says itself has the last word', () => {
  const own = agentDeployment({ name: 'echo', namespace: 'alp', image: 'node', annotations: { a: 'own' } });
  const placed = placedPods(own, { ...plain, annotations: { a: 'placement', b: 'placement' } });
  expect(templateOf(placed).metadata.annotations).toEqual({ a: 'own', b: 'placement' });
});

test('pull secrets are named by every pod', () => {
  const imagePullSecrets = [{ name: 'alp-conformance-pull' }];
  const placed = placedPods(agent, { ...plain, pod: { ...plain.pod, imagePullSecrets } });
  expect(templateOf(placed).spec.imagePullSecrets).toEqual(imagePullSecrets);
});

test('further objects go to the namespace that they are made for', () => {
  const object = { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 'default' } };
  expect(meshObjectsFor({ ...plain, meshObjects: [object] }, 'alp')).toEqual([
    { ...object, metadata: { name: 'default', namespace: 'alp' } },
  ]);
});

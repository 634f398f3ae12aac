import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { accessLogging } from '../../../fixtures/sandbox/manifests.ts';
import { istio, Mesh } from './mesh.ts';

const labels = { app: 'frontend' };
const off = { accessLogging: [{ disabled: true }] };

function telemetry(namespace: string, name: string, spec: object): KubeObject {
  return istio('telemetry', 'Telemetry', namespace, name, spec);
}

function meshConfig(mesh: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
    data: { mesh },
  };
}

const cases: [what: string, objects: KubeObject[], frontend: boolean, gateway: boolean][] = [
  ['nothing said', [], false, false],
  ["the suite's for the front end", [accessLogging('a', 'default', labels)], true, false],
  ["the suite's for another workload", [accessLogging('a', 'default', { app: 'cart' })], false, false],
  ["the suite's for its own namespace", [accessLogging('a', 'default')], true, false],
  [
    "the suite's for the gateway",
    [accessLogging('a', 'istio-system', { istio: 'ingressgateway' })],
    false,
    true,
  ],
  ['the whole mesh', [accessLogging('a', 'istio-system')], true, true],
  [
    'a namespace that switches off',
    [accessLogging('a', 'istio-system'), telemetry('default', 'b', off)],
    false,
    true,
  ],
  [
    'a workload that switches off',
    [accessLogging('a', 'default'), telemetry('default', 'b', { selector: { matchLabels: labels }, ...off })],
    false,
    false,
  ],
  [
    'a namespace that says nothing of access logs',
    [accessLogging('a', 'istio-system'), telemetry('default', 'b', { tracing: [{}] })],
    true,
    true,
  ],
  [
    'another provider',
    [telemetry('default', 'a', { accessLogging: [{ providers: [{ name: 'otel' }] }] })],
    false,
    false,
  ],
  ['the mesh configuration', [meshConfig('accessLogFile: /dev/stdout\n')], true, true],
  [
    'a namespace against the mesh configuration',
    [meshConfig('accessLogFile: /dev/stdout\n'), telemetry('default', 'a', off)],
    false,
    true,
  ],
];

for (const [what, objects, frontend, gateway] of cases) {
  test(`access logs by ${what}: front end ${frontend}, gateway ${gateway}`, () => {
    const mesh = new Mesh();
    mesh.add(...objects);
    expect(mesh.istiod.logsAccess(mesh.pod('default', 'frontend'))).toBe(frontend);
    expect(mesh.istiod.logsAccess(mesh.gateway())).toBe(gateway);
  });
}

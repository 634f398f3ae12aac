import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { kubernetesShapes } from '../../../reference/admission/kubernetes.ts';
import type { AdmissionRequest } from '../../../reference/store/operations.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { StatusError } from '../../../reference/store/status-error.ts';

const container = { name: 'main', image: 'app:1' };
const template = (spec: object) => ({ metadata: { labels: { app: 'web' } }, spec });
const selector = { matchLabels: { app: 'web' } };

function objectOf(kind: string, fields: object): KubeObject {
  const type = resourceTypes.find((each) => each.kind === kind)!;
  const apiVersion = type.group === '' ? 'v1' : `${type.group}/v1`;
  return { apiVersion, kind, metadata: { name: 't' }, ...fields };
}

/** What is stored of an object, and what its client is warned of. */
function decoded(
  object: KubeObject,
  fieldValidation: AdmissionRequest['fieldValidation'] = 'Warn',
): { stored: KubeObject; warnings: string[] } {
  const type = resourceTypes.find(({ kind }) => kind === object.kind)!;
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const request = { operation: 'CREATE', type, object, dryRun: false, fieldValidation, warn } as const;
  return { stored: kubernetesShapes.mutate!(request), warnings };
}

/** What `kubectl create` would say, without the name of the file. */
function refused(object: KubeObject): string {
  try {
    decoded(object, 'Strict');
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
  return 'nothing';
}

const refusals: [title: string, object: KubeObject, words: string][] = [
  [
    'a field that is unknown',
    objectOf('Deployment', {
      spec: { replicaz: 1, selector, template: template({ containers: [container] }) },
    }),
    'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replicaz"',
  ],
  [
    'fields that are unknown deep inside',
    objectOf('Pod', {
      spec: { containers: [{ ...container, ports: [{ containerPort: 1, prot: 'TCP' }], cmd: [] }] },
    }),
    'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].ports[0].prot", unknown field "spec.containers[0].cmd"',
  ],
  [
    'a number that is a text',
    objectOf('Deployment', {
      spec: { replicas: '1', selector, template: template({ containers: [container] }) },
    }),
    'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field spec.replicas',
  ],
  [
    'a label that is a number',
    objectOf('ConfigMap', { metadata: { name: 't', labels: { version: 2 } } }),
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field metadata.labels.version',
  ],
  [
    'a label of a custom resource that is a boolean',
    objectOf('PeerAuthentication', { metadata: { name: 't', labels: { on: true } } }),
    'PeerAuthentication in version "v1" cannot be handled as a PeerAuthentication: json: cannot unmarshal bool into Go struct field metadata.labels.on',
  ],
  [
    'a workload without selector and template',
    objectOf('Deployment', { spec: {} }),
    'Deployment.apps "t" is invalid: [spec.selector: Required value, spec.template: Required value]',
  ],
  ['a workload of nothing', objectOf('DaemonSet', {}), 'DaemonSet.apps "t" is invalid: spec: Required value'],
  [
    'a pod without containers',
    objectOf('Pod', { spec: { containers: [] } }),
    'Pod "t" is invalid: spec.containers: Required value',
  ],
  [
    'a container without image',
    objectOf('Pod', { spec: { containers: [{ name: 'main' }] } }),
    'Pod "t" is invalid: spec.containers[0].image: Required value',
  ],
  [
    'a policy whose rules are no list',
    objectOf('NetworkPolicy', { spec: { podSelector: {}, ingress: 'all' } }),
    'NetworkPolicy in version "v1" cannot be handled as a NetworkPolicy: json: cannot unmarshal string into Go struct field spec.ingress',
  ],
];
for (const [title, object, words] of refusals) {
  test(`refused: ${title}`, () => expect(refused(object)).toBe(words));
}

test('what is unknown is dropped, with a warning where one is asked for', () => {
  const odd = objectOf('ConfigMap', { data: { a: '1' }, dataa: {} });
  const { dataa: _, ...known } = odd;
  expect(decoded(odd)).toEqual({ stored: known, warnings: ['unknown field "dataa"'] });
  expect(decoded(odd, 'Ignore')).toEqual({ stored: known, warnings: [] });
});

test('nulls and empty maps and lists are nothing, but empty structures are something', () => {
  const pod = objectOf('Pod', {
    metadata: { name: 't', labels: {}, annotations: null, finalizers: [] },
    spec: {
      containers: [{ ...container, env: [], command: null, readinessProbe: {} }],
      nodeSelector: {},
      securityContext: {},
    },
  });
  expect(decoded(pod).stored).toEqual(
    objectOf('Pod', { spec: { containers: [{ ...container, readinessProbe: {} }], securityContext: {} } }),
  );
});

test('what is asked of other kinds is their metadata', () => {
  const mesh = objectOf('PeerAuthentication', {
    metadata: { name: 't', labels: {} },
    spec: { any: [null, {}] },
  });
  expect(decoded(mesh, 'Strict').stored).toEqual(
    objectOf('PeerAuthentication', { spec: { any: [null, {}] } }),
  );
});

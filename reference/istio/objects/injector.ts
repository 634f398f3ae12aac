import { stringify } from 'yaml';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { rootNamespace } from '../names.ts';
import { gatewayTemplate, sidecarTemplate } from './templates.ts';

const metadata = { name: 'istio-sidecar-injector', namespace: rootNamespace };

/** The injector's configuration and the webhook configuration that the API server calls it by. */
export function injectorObjects(version: string): KubeObject[] {
  const config = stringify(
    {
      defaultTemplates: ['sidecar'],
      policy: 'enabled',
      alwaysInjectSelector: [],
      neverInjectSelector: [],
      injectedAnnotations: {},
      templates: {
        sidecar: stringify(sidecarTemplate(version)),
        gateway: stringify(gatewayTemplate(version)),
      },
    },
    { lineWidth: 0 },
  );
  const values = JSON.stringify({
    global: { istioNamespace: rootNamespace, hub: 'docker.io/istio', tag: version },
    revision: '',
    sidecarInjectorWebhook: { enableNamespacesByDefault: false, templates: {} },
  });
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadata, labels: { 'istio.io/rev': 'default' } },
      data: { config, values },
    },
    webhooks,
  ];
}

const webhooks: KubeObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: metadata.name, labels: { app: 'sidecar-injector', 'istio.io/rev': 'default' } },
  webhooks: [
    webhook(
      'namespace',
      [{ key: 'istio-injection', operator: 'In', values: ['enabled'] }],
      [{ key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] }],
    ),
    webhook(
      'object',
      [
        { key: 'istio-injection', operator: 'DoesNotExist' },
        { key: 'istio.io/rev', operator: 'DoesNotExist' },
      ],
      [
        { key: 'sidecar.istio.io/inject', operator: 'In', values: ['true'] },
        { key: 'istio.io/rev', operator: 'DoesNotExist' },
      ],
    ),
  ],
};

function webhook(by: string, namespaceExpressions: object[], objectExpressions: object[]): object {
  return {
    name: `${by}.sidecar-injector.istio.io`,
    clientConfig: { service: { name: 'istiod', namespace: rootNamespace, path: '/inject', port: 443 } },
    rules: [
      { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], scope: '*' },
    ],
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    reinvocationPolicy: 'Never',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 10,
    namespaceSelector: { matchExpressions: namespaceExpressions },
    objectSelector: { matchExpressions: objectExpressions },
  };
}

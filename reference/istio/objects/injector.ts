import { stringify } from 'yaml';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { revision as defaultRevision } from '../injection.ts';
import { rootNamespace } from '../names.ts';
import type { IstioShape } from '../objects.ts';
import { ofRevision } from '../revisions.ts';
import { gatewayTemplate, sidecarTemplate } from './templates.ts';

const name = 'istio-sidecar-injector';

/** The injector's configuration and the webhook configurations that the API server calls it by. */
export function injectorObjects(
  version: string,
  { revision = defaultRevision, tags = [], cni = false }: IstioShape = {},
): KubeObject[] {
  const config = stringify(
    {
      defaultTemplates: ['sidecar'],
      policy: 'enabled',
      alwaysInjectSelector: [],
      neverInjectSelector: [],
      injectedAnnotations: {},
      templates: {
        sidecar: stringify(sidecarTemplate(version, { cni })),
        gateway: stringify(gatewayTemplate(version)),
      },
    },
    { lineWidth: 0 },
  );
  const values = JSON.stringify({
    global: { istioNamespace: rootNamespace, hub: 'docker.io/istio', tag: version },
    revision: revision === defaultRevision ? '' : revision,
    pilot: { cni: { enabled: cni } },
    sidecarInjectorWebhook: { enableNamespacesByDefault: false, templates: {} },
  });
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: ofRevision(name, revision),
        namespace: rootNamespace,
        labels: { 'istio.io/rev': revision },
      },
      data: { config, values },
    },
    webhooks(ofRevision(name, revision), revision),
    ...tags.map((tag) => webhooks(`istio-revision-tag-${tag}`, revision, tag)),
  ];
}

/** Those of a revision, or of a tag that leads to it; the default one is asked for by other labels too. */
function webhooks(configuration: string, revision: string, tag?: string): KubeObject {
  const asked = tag ?? revision;
  const istiod = ofRevision('istiod', revision);
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {
      name: configuration,
      labels: {
        app: 'sidecar-injector',
        'istio.io/rev': revision,
        ...(tag !== undefined && { 'istio.io/tag': tag }),
      },
    },
    webhooks: [...byRevision(asked, istiod), ...(asked === defaultRevision ? byDefault(istiod) : [])],
  };
}

const unlabelled = [
  { key: 'istio-injection', operator: 'DoesNotExist' },
  { key: 'istio.io/rev', operator: 'DoesNotExist' },
];
const notForbidden = { key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] };

function byRevision(asked: string, istiod: string): object[] {
  const wanted = { key: 'istio.io/rev', operator: 'In', values: [asked] };
  return [
    webhook(
      'rev.namespace',
      istiod,
      [wanted, { key: 'istio-injection', operator: 'DoesNotExist' }],
      [notForbidden],
    ),
    webhook('rev.object', istiod, unlabelled, [notForbidden, wanted]),
  ];
}

function byDefault(istiod: string): object[] {
  return [
    webhook(
      'namespace',
      istiod,
      [{ key: 'istio-injection', operator: 'In', values: ['enabled'] }],
      [notForbidden],
    ),
    webhook('object', istiod, unlabelled, [
      { key: 'sidecar.istio.io/inject', operator: 'In', values: ['true'] },
      { key: 'istio.io/rev', operator: 'DoesNotExist' },
    ]),
  ];
}

function webhook(
  by: string,
  istiod: string,
  namespaceExpressions: object[],
  objectExpressions: object[],
): object {
  return {
    name: `${by}.sidecar-injector.istio.io`,
    clientConfig: { service: { name: istiod, namespace: rootNamespace, path: '/inject', port: 443 } },
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

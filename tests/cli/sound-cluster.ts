import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { FakeApi, Script, Seen } from '../cluster/fake-api.ts';

const config = 'templates:\n  sidecar: |\n    spec: {}\n';

const json =
  (body: object): Script =>
  (_, answer) =>
    answer.json(body);
const list =
  (...items: KubeObject[]): Script =>
  ({ query }, answer) =>
    answer.list(items.filter(({ metadata }) => hasLabels(metadata.labels, query.labelSelector)));

/** Selectors of these tests' subjects are `name=value`. */
function hasLabels(labels: Record<string, string> = {}, selector = ''): boolean {
  return selector
    .split(',')
    .filter((part) => part !== '')
    .map((part) => part.split('='))
    .every(([name = '', value]) => labels[name] === value);
}

export function object(apiVersion: string, kind: string, name: string, more: object = {}): KubeObject {
  return { apiVersion, kind, metadata: { name }, ...more };
}

const deployment = (name: string, image: string) =>
  object('apps/v1', 'Deployment', name, {
    spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
  });

/** The istiod of a revision, where it is installed. */
export function istiodOf(name: string, revision = 'default', namespace = 'istio-system'): KubeObject {
  return {
    ...deployment(name, 'docker.io/istio/pilot:1.28.10'),
    metadata: { name, namespace, labels: { app: 'istiod', 'istio.io/rev': revision } },
  };
}

/** The webhooks of an injector, which namespaces labelled with its revision ask for. */
export function injectorOf(revision: string): KubeObject {
  const suffix = revision === 'default' ? '' : `-${revision}`;
  const webhook = (by: string, key: string, value: string) => ({
    name: `${by}sidecar-injector.istio.io`,
    clientConfig: { service: { namespace: 'istio-system', name: `istiod${suffix}` } },
    namespaceSelector: { matchExpressions: [{ key, operator: 'In', values: [value] }] },
  });
  return object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', `injector${suffix}`, {
    metadata: { name: `injector${suffix}`, labels: { 'istio.io/rev': revision } },
    webhooks: [
      webhook('rev.namespace.', 'istio.io/rev', revision),
      ...(revision === 'default' ? [webhook('namespace.', 'istio-injection', 'enabled')] : []),
    ],
  });
}

/** What the cluster is known by for as long as it lasts. */
export const clusterUid = '0b9e0000-0000-4000-8000-000000000001';

export function nodeOf(name: string): KubeObject {
  const labels = { 'kubernetes.io/os': 'linux' };
  const status = {
    nodeInfo: { kubeletVersion: 'v1.34.4' },
    conditions: [{ type: 'Ready', status: 'True' }],
  };
  return { ...object('v1', 'Node', name, { status }), metadata: { name, labels } };
}

/** What brings Felix to every node. */
export const calicoNode = object('apps/v1', 'DaemonSet', 'calico-node', {
  metadata: { name: 'calico-node', namespace: 'kube-system', labels: { 'k8s-app': 'calico-node' } },
  spec: {
    template: { spec: { containers: [{ name: 'calico-node', image: 'quay.io/calico/node:v3.32.1' }] } },
  },
  status: { desiredNumberScheduled: 1, numberReady: 1 },
});

const gateway = object('v1', 'Service', 'istio-ingressgateway', {
  metadata: { name: 'istio-ingressgateway', namespace: 'istio-system' },
  spec: {
    type: 'LoadBalancer',
    selector: { istio: 'ingressgateway' },
    ports: [{ port: 80, nodePort: 30080 }],
  },
});

const groups: [apiVersion: string, plurals: Record<string, string>, clusterWide: string[]][] = [
  [
    'v1',
    { Pod: 'pods', Namespace: 'namespaces', ConfigMap: 'configmaps', Node: 'nodes', Service: 'services' },
    ['Namespace', 'Node'],
  ],
  ['apps/v1', { Deployment: 'deployments', DaemonSet: 'daemonsets', ReplicaSet: 'replicasets' }, []],
  ['storage.k8s.io/v1', { CSIDriver: 'csidrivers' }, ['CSIDriver']],
  ['apiregistration.k8s.io/v1', { APIService: 'apiservices' }, ['APIService']],
  ['coordination.k8s.io/v1', { Lease: 'leases' }, []],
  [
    'authorization.k8s.io/v1',
    { SelfSubjectAccessReview: 'selfsubjectaccessreviews' },
    ['SelfSubjectAccessReview'],
  ],
  [
    'projectcalico.org/v3',
    {
      GlobalNetworkPolicy: 'globalnetworkpolicies',
      FelixConfiguration: 'felixconfigurations',
      ClusterInformation: 'clusterinformations',
    },
    ['GlobalNetworkPolicy', 'FelixConfiguration', 'ClusterInformation'],
  ],
  [
    'admissionregistration.k8s.io/v1',
    { MutatingWebhookConfiguration: 'mutatingwebhookconfigurations' },
    ['MutatingWebhookConfiguration'],
  ],
  ['security.istio.io/v1beta1', { PeerAuthentication: 'peerauthentications' }, []],
  [
    'networking.istio.io/v1alpha3',
    {
      VirtualService: 'virtualservices',
      Gateway: 'gateways',
      ServiceEntry: 'serviceentries',
      DestinationRule: 'destinationrules',
      EnvoyFilter: 'envoyfilters',
    },
    [],
  ],
];

export const paths = {
  csiDriver: '/apis/storage.k8s.io/v1/csidrivers/csi.tigera.io',
  daemonSets: '/apis/apps/v1/daemonsets',
  dryRun: '/api/v1/namespaces/default/pods',
  deployments: '/apis/apps/v1/deployments',
  injector: '/api/v1/namespaces/istio-system/configmaps/istio-sidecar-injector',
  injectors: '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  lease: '/apis/coordination.k8s.io/v1/namespaces/default/leases/alp-conformance',
  kubeSystem: '/api/v1/namespaces/kube-system',
  namespace: '/api/v1/namespaces/default',
  nodes: '/api/v1/nodes',
  pods: '/api/v1/pods',
  policies: '/apis/projectcalico.org/v3/globalnetworkpolicies',
  reviews: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  services: '/api/v1/services',
} as const;

const answers: Record<string, Script> = {
  '/version': json({ gitVersion: 'v1.34.4' }),
  '/apis/projectcalico.org/v3/clusterinformations/default': json(
    object('projectcalico.org/v3', 'ClusterInformation', 'default', { spec: { calicoVersion: 'v3.32.1' } }),
  ),
  [paths.csiDriver]: json(object('storage.k8s.io/v1', 'CSIDriver', 'csi.tigera.io')),
  [paths.daemonSets]: list(calicoNode),
  [paths.deployments]: list(istiodOf('istiod')),
  [paths.injectors]: list(injectorOf('default')),
  [paths.services]: list(gateway),
  [paths.nodes]: list(nodeOf('node')),
  [paths.kubeSystem]: json(
    object('v1', 'Namespace', 'kube-system', { metadata: { name: 'kube-system', uid: clusterUid } }),
  ),
  '/apis/projectcalico.org/v3/felixconfigurations/default': json(
    object('projectcalico.org/v3', 'FelixConfiguration', 'default', { spec: {} }),
  ),
  '/apis/apiregistration.k8s.io/v1/apiservices/v3.projectcalico.org': json(
    object('apiregistration.k8s.io/v1', 'APIService', 'v3.projectcalico.org', {
      spec: { group: 'projectcalico.org' },
    }),
  ),
  [paths.policies]: list(),
  '/apis/networking.istio.io/v1alpha3/gateways': list(),
  [paths.pods]: list(),
  [paths.namespace]: json(object('v1', 'Namespace', 'default')),
  '/api/v1/namespaces/default/pods': list(),
  '/apis/apps/v1/namespaces/default/deployments/frontend': json(deployment('frontend', 'shop/frontend:v1')),
  '/apis/security.istio.io/v1beta1/namespaces/istio-system/peerauthentications': list(),
  [paths.injector]: json(object('v1', 'ConfigMap', 'istio-sidecar-injector', { data: { config } })),
};

/**
 * Makes the fake API server a cluster that a run can be made on: Calico with its v3 API and CSI driver, Istio with
 * its injector, the shop. A test takes one of its parts away.
 */
export function makeSound(api: FakeApi): void {
  for (const group of groups) api.kinds(...group);
  for (const [path, script] of Object.entries(answers)) api.on('GET', path, script);
  api.on('POST', paths.dryRun, ({ body }, answer) => answer.json(injected(body as Pod), 201));
  allow(api, () => true);
}

interface Pod extends KubeObject {
  spec: { containers: object[] };
}

/** A pod as the injector makes it. */
function injected(pod: Pod): Pod {
  const proxy = { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.28.10' };
  return { ...pod, spec: { ...pod.spec, containers: [...pod.spec.containers, proxy] } };
}

/** Says what the user may do. */
export function allow(api: FakeApi, may: (asked: Record<string, string>) => boolean): void {
  api.on('POST', paths.reviews, ({ body }, answer) => {
    const { spec } = body as { spec: { resourceAttributes: Record<string, string> } };
    answer.json({ ...(body as object), status: { allowed: may(spec.resourceAttributes) } }, 201);
  });
}

/** Refuses everything that is read. */
export function refuseEverything(api: FakeApi, status: number, reason: string, message: string): void {
  const discovery = groups.map(([apiVersion]) => (apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`));
  for (const path of [...discovery, ...Object.keys(answers), paths.lease]) {
    api.on('GET', path, (_, answer) => answer.refuse(status, reason, message));
  }
}

/** Takes something away, so that it is not found. */
export function remove(api: FakeApi, path: string): void {
  api.on('GET', path, (_, answer) => answer.refuse(404, 'NotFound', 'not found'));
}

export function give(api: FakeApi, path: string, body: object): void {
  api.on('GET', path, json(body));
}

export function giveList(api: FakeApi, path: string, ...items: KubeObject[]): void {
  api.on('GET', path, list(...items));
}

/** The requests that would have changed something; asking what one may do changes nothing. */
export function changes(api: FakeApi): Seen[] {
  return api.requests.filter(
    ({ method, path, query }) => method !== 'GET' && path !== paths.reviews && query.dryRun === undefined,
  );
}

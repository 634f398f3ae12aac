import type { ResourceType } from './resource-type.ts';

/** What a kind's row says; the rest follows from its group. */
type Row = Omit<ResourceType, 'group' | 'versions' | 'shortNames' | 'subresources'> &
  Partial<Pick<ResourceType, 'versions' | 'shortNames' | 'subresources'>>;

const uncounted = true;

const core: Row[] = [
  row('Namespace', 'namespaces', { uncounted, cluster: true, short: ['ns'], sub: ['status', 'finalize'] }),
  row('Node', 'nodes', { uncounted, cluster: true, short: ['no'], sub: ['status'] }),
  row('Pod', 'pods', { short: ['po'], sub: ['status', 'log', 'exec'], categories: ['all'] }),
  row('Service', 'services', { uncounted, short: ['svc'], sub: ['status'], categories: ['all'] }),
  row('ConfigMap', 'configmaps', { uncounted, short: ['cm'] }),
  row('Secret', 'secrets', { uncounted }),
  row('ServiceAccount', 'serviceaccounts', { uncounted, short: ['sa'], sub: ['token'] }),
  row('Event', 'events', { uncounted, short: ['ev'] }),
  row('Endpoints', 'endpoints', { uncounted, singular: 'endpoints', short: ['ep'] }),
];

const apps: Row[] = [
  row('Deployment', 'deployments', { short: ['deploy'], sub: ['status', 'scale'], categories: ['all'] }),
  row('ReplicaSet', 'replicasets', { short: ['rs'], sub: ['status', 'scale'], categories: ['all'] }),
  row('DaemonSet', 'daemonsets', { short: ['ds'], sub: ['status'], categories: ['all'] }),
];

const batch: Row[] = [row('Job', 'jobs', { sub: ['status'], categories: ['all'] })];

const authorization: Row[] = [
  row('ClusterRoleBinding', 'clusterrolebindings', { uncounted, cluster: true }),
  row('ClusterRole', 'clusterroles', { uncounted, cluster: true }),
  row('RoleBinding', 'rolebindings', { uncounted }),
  row('Role', 'roles', { uncounted }),
];

const registration = ['api-extensions'];
const istio = ['istio-io', 'networking-istio-io'];

const istioNetworking: Row[] = [
  row('Gateway', 'gateways', { short: ['gw'], sub: ['status'], categories: istio }),
  row('VirtualService', 'virtualservices', { short: ['vs'], sub: ['status'], categories: istio }),
  row('ServiceEntry', 'serviceentries', { short: ['se'], sub: ['status'], categories: istio }),
  row('DestinationRule', 'destinationrules', { short: ['dr'], sub: ['status'], categories: istio }),
  row('Sidecar', 'sidecars', { sub: ['status'], categories: istio }),
  row('EnvoyFilter', 'envoyfilters', { sub: ['status'], categories: istio, versions: ['v1alpha3'] }),
];

const istioSecurity: Row[] = [
  row('PeerAuthentication', 'peerauthentications', {
    short: ['pa'],
    sub: ['status'],
    categories: ['istio-io', 'security-istio-io'],
  }),
  row('AuthorizationPolicy', 'authorizationpolicies', {
    short: ['ap'],
    sub: ['status'],
    categories: ['istio-io', 'security-istio-io'],
  }),
];

const istioTelemetry: Row[] = [
  row('Telemetry', 'telemetries', {
    short: ['telemetry'],
    sub: ['status'],
    categories: ['istio-io', 'telemetry-istio-io'],
  }),
];

const calico: Row[] = [
  row('GlobalNetworkPolicy', 'globalnetworkpolicies', {
    cluster: true,
    short: ['gnp', 'cgnp', 'calicoglobalnetworkpolicies'],
  }),
  row('NetworkPolicy', 'networkpolicies', { short: ['cnp', 'caliconetworkpolicy', 'caliconetworkpolicies'] }),
  row('StagedGlobalNetworkPolicy', 'stagedglobalnetworkpolicies', { cluster: true, short: ['sgnp'] }),
  row('StagedNetworkPolicy', 'stagednetworkpolicies', { short: ['snp'] }),
  row('StagedKubernetesNetworkPolicy', 'stagedkubernetesnetworkpolicies', { short: ['sknp'] }),
  row('Tier', 'tiers', { cluster: true }),
  row('FelixConfiguration', 'felixconfigurations', { cluster: true, short: ['felixconfig', 'felixconfigs'] }),
  row('ClusterInformation', 'clusterinformations', { cluster: true, short: ['clusterinfo'] }),
  row('GlobalNetworkSet', 'globalnetworksets', { cluster: true }),
  row('NetworkSet', 'networksets', { short: ['netsets'] }),
  row('Profile', 'profiles', { cluster: true }),
];

/**
 * Every kind the reference stores, in the order discovery lists them. Names are those that `kubectl api-resources`
 * shows on a real cluster with Istio and Calico's API server; subresources are the ones the reference serves.
 */
export const resourceTypes: readonly ResourceType[] = [
  ...group('', ['v1'], core),
  ...group('apps', ['v1'], apps),
  ...group('batch', ['v1'], batch),
  ...group('discovery.k8s.io', ['v1'], [row('EndpointSlice', 'endpointslices', {})]),
  ...group('coordination.k8s.io', ['v1'], [row('Lease', 'leases', { uncounted })]),
  ...group(
    'storage.k8s.io',
    ['v1'],
    [
      row('CSIDriver', 'csidrivers', { cluster: true }),
      row('CSINode', 'csinodes', { uncounted, cluster: true }),
    ],
  ),
  ...group('networking.k8s.io', ['v1'], [row('NetworkPolicy', 'networkpolicies', { short: ['netpol'] })]),
  ...group('rbac.authorization.k8s.io', ['v1'], authorization),
  ...group(
    'apiextensions.k8s.io',
    ['v1'],
    [
      row('CustomResourceDefinition', 'customresourcedefinitions', {
        cluster: true,
        short: ['crd', 'crds'],
        sub: ['status'],
        categories: registration,
      }),
    ],
  ),
  ...group(
    'apiregistration.k8s.io',
    ['v1'],
    [
      row('APIService', 'apiservices', {
        uncounted,
        cluster: true,
        sub: ['status'],
        categories: registration,
      }),
    ],
  ),
  ...group(
    'admissionregistration.k8s.io',
    ['v1'],
    [
      row('MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', {
        cluster: true,
        categories: registration,
      }),
    ],
  ),
  ...group('networking.istio.io', ['v1', 'v1beta1', 'v1alpha3'], istioNetworking),
  ...group('security.istio.io', ['v1', 'v1beta1'], istioSecurity),
  ...group('telemetry.istio.io', ['v1', 'v1alpha1'], istioTelemetry),
  ...group('projectcalico.org', ['v3'], calico),
];

/** Answers a question and is never stored, so it can only be created; it is not among `resourceTypes`. */
export const selfSubjectAccessReview: ResourceType = {
  group: 'authorization.k8s.io',
  kind: 'SelfSubjectAccessReview',
  versions: ['v1'],
  plural: 'selfsubjectaccessreviews',
  singular: 'selfsubjectaccessreview',
  shortNames: [],
  namespaced: false,
  subresources: [],
};

interface Traits {
  cluster?: boolean;
  singular?: string;
  short?: string[];
  sub?: string[];
  categories?: string[];
  versions?: string[];
  uncounted?: true;
}

function row(kind: string, plural: string, traits: Traits): Row {
  const {
    cluster = false,
    singular = kind.toLowerCase(),
    short = [],
    sub = [],
    categories,
    versions,
    uncounted,
  } = traits;
  return {
    kind,
    plural,
    singular,
    namespaced: !cluster,
    shortNames: short,
    subresources: sub,
    ...(categories === undefined ? {} : { categories }),
    ...(versions === undefined ? {} : { versions }),
    ...(uncounted === undefined ? {} : { uncounted }),
  };
}

function group(name: string, versions: string[], rows: Row[]): ResourceType[] {
  return rows.map((each) => ({ group: name, versions, shortNames: [], subresources: [], ...each }));
}

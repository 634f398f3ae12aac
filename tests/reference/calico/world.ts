import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { CheckRequest, CheckStatus } from '../../../reference/calico/check.ts';
import { permits } from '../../../reference/calico/l4.ts';
import { checkRequest } from '../../../reference/calico/l7.ts';
import type { PolicySpec, RuleSpec } from '../../../reference/calico/policy.ts';
import { ViewBuilder } from '../../../reference/calico/view.ts';
import type { CalicoRules } from '../../../reference/rules/calico.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { Store } from '../../../reference/store/store.ts';

const v3 = 'projectcalico.org/v3';

/** The namespaces, service accounts and pods that the measured tables speak of. */
const inhabitants: KubeObject[] = [
  namespace('default', {}),
  namespace('istio-system', {}),
  namespace('srv', { team: 'blue' }),
  namespace('ma', { team: 'red' }),
  namespace('mb', { team: 'green' }),
  account('srv', 'srv', { svc: 'srv' }),
  account('srv', 'alice', { role: 'reader' }),
  account('ma', 'alice', { role: 'reader' }),
  account('ma', 'bob', {}),
  account('mb', 'alice', { role: 'reader' }),
  pod('srv', 'echo', '10.0.1.1', 'srv'),
  pod('srv', 'alice', '10.0.1.2', 'alice'),
  pod('ma', 'alice', '10.0.2.1', 'alice'),
  pod('ma', 'bob', '10.0.2.2', 'bob'),
  pod('mb', 'alice', '10.0.3.1', 'alice'),
  pod('default', 'frontend', '10.0.0.1', 'default'),
  pod('istio-system', 'istio-ingressgateway', '10.0.9.1', 'istio-ingressgateway-service-account'),
];

export const addresses: Readonly<Record<string, string>> = Object.fromEntries([
  ...inhabitants
    .filter(({ kind }) => kind === 'Pod')
    .map(({ metadata, status }) => [
      `${metadata.namespace}/${metadata.name}`,
      (status as { podIP: string }).podIP,
    ]),
  // The node itself, and a pod on its network.
  ['host', '192.168.0.1'],
]);

export function storeOf(objects: readonly KubeObject[]): Store {
  const store = new Store(resourceTypes);
  for (const object of [...inhabitants, ...objects]) store.create(object);
  return store;
}

/** `allowed`: both layers let it through; `dropped`: neither does; `denied`: only L7 does not; `leaks`: only L4. */
export type Outcome = 'allowed' | 'denied' | 'dropped' | 'leaks';

/** Whether and where a request or a connection is stopped, with these objects there. */
export function outcomeOf(objects: readonly KubeObject[], ask: string, rules: CalicoRules): Outcome {
  const { pod: to, sourceIsHost, request } = parseAsk(ask);
  const store = storeOf(objects);
  const view = new ViewBuilder(rules).build((key) => store.list(key));
  const l4 = permits(
    view,
    {
      source: request.source.address,
      sourceIsHost,
      destination: request.destination.address,
      port: request.destination.port,
    },
    rules,
  );
  const l7 = checkRequest(view, to, request, rules) === 'OK';
  if (l4) return l7 ? 'allowed' : 'denied';
  return l7 ? 'leaks' : 'dropped';
}

/** What Dikastes beside the front end answers, raw. */
export function statusAtFrontend(
  objects: readonly KubeObject[],
  http: { method: string; path: string },
  rules: CalicoRules,
): CheckStatus {
  const store = storeOf(objects);
  const view = new ViewBuilder(rules).build((key) => store.list(key));
  return checkRequest(view, 'default/frontend', { ...parseAsk('gateway GET /').request, http }, rules);
}

/**
 * Reads `CLIENT[ as PRINCIPAL] [METHOD|tcp] [:PORT][PATH]`: a client goes to srv/echo on 8080 unless told otherwise,
 * `gateway` to the front end, and has the certificate of its own service account unless it goes `as` another.
 */
export function parseAsk(ask: string): { pod: string; sourceIsHost: boolean; request: CheckRequest } {
  const match = /^(\S+)(?: as (\S+))?(?: (tcp|[A-Z]+))?(?: (?::(\d+))?(\/\S*)?)?$/.exec(ask);
  if (match === null) throw new Error(`no ask: ${ask}`);
  const [, client = '', as, method = 'GET', port = '8080', path = '/'] = match;
  const from = client === 'gateway' ? 'istio-system/istio-ingressgateway' : client;
  const pod = client === 'gateway' ? 'default/frontend' : 'srv/echo';
  return {
    pod,
    sourceIsHost: client === 'host',
    request: {
      source: { address: addresses[from]!, port: 40_000, principal: principalOf(as ?? from) },
      destination: { address: addresses[pod]!, port: Number(port) },
      ...(method !== 'tcp' && { http: { method, path } }),
    },
  };
}

function principalOf(name: string): string {
  if (name === 'plaintext' || name === 'host') return '';
  if (!name.includes('/')) return `spiffe://cluster.local/${name}`;
  const [namespace, account] = name.split('/');
  const accounts: Record<string, string> = {
    'istio-ingressgateway': 'istio-ingressgateway-service-account',
    frontend: 'default',
  };
  return `spiffe://cluster.local/ns/${namespace}/sa/${accounts[account!] ?? account}`;
}

function namespace(name: string, labels: Record<string, string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
  };
}

function account(namespace: string, name: string, labels: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name, labels } };
}

export function pod(namespace: string, name: string, podIP: string, serviceAccountName: string): KubeObject {
  const ports = [
    { name: 'web', containerPort: 8080 },
    { name: 'web2', containerPort: 8081 },
    { containerPort: 8082 },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels: { app: name } },
    spec: { serviceAccountName, containers: [{ name: 'main', image: 'main', ports }] },
    status: { phase: 'Running', podIP },
  };
}

let made = 0;

/** A policy on echo; of a kind of its own, name and namespace when they matter. */
export function policy(
  spec: PolicySpec,
  { kind = 'GlobalNetworkPolicy', name = `p${made++}`, namespace }: Partial<Naming> = {},
): KubeObject {
  const cluster = kind.endsWith('GlobalNetworkPolicy');
  const metadata = cluster ? { name } : { name, namespace: namespace ?? 'srv' };
  return { apiVersion: v3, kind, metadata, spec: { selector: "app == 'echo'", ...spec } };
}

interface Naming {
  kind: string;
  name: string;
  namespace: string;
}

export function tier(
  name: string,
  order: number | undefined,
  defaultAction: 'Deny' | 'Pass' = 'Deny',
): KubeObject {
  const spec = { defaultAction, ...(order !== undefined && { order }) };
  return { apiVersion: v3, kind: 'Tier', metadata: { name }, spec };
}

export const allow = (rest: Omit<RuleSpec, 'action'> = {}): RuleSpec => ({ action: 'Allow', ...rest });
export const deny = (rest: Omit<RuleSpec, 'action'> = {}): RuleSpec => ({ action: 'Deny', ...rest });

/** GET of exactly `/`. */
export const home = { methods: ['GET'], paths: [{ exact: '/' }] };
/** Opens L4 and no path that is asked for. */
export const opened = allow({ http: { paths: [{ prefix: '/open' }] } });

import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Selector } from '../../fixtures/selectors/selector.ts';
import type { CalicoRules } from '../rules/calico.ts';
import { fromKubernetes } from './kubernetes-policy.ts';
import type { Endpoint } from './members.ts';
import { selectsNamespace } from './namespace-selector.ts';
import {
  type Action,
  type Direction,
  defaultTier,
  type EntityRule,
  type HttpMatch,
  type PolicyKind,
  type PolicySpec,
  type Port,
  type RuleSpec,
} from './policy.ts';

/** One side of a rule, with its selectors read. */
export interface Entity {
  nets: readonly string[];
  notNets: readonly string[];
  ports: readonly Port[];
  notPorts: readonly Port[];
  selector: Selector | undefined;
  notSelector: Selector | undefined;
  namespaceSelector: Selector | undefined;
  /** The only namespace that is meant. */
  ownNamespace: string | undefined;
  serviceAccounts: { names: readonly string[]; selector: Selector | undefined } | undefined;
}

export interface Rule {
  action: Action;
  ipVersion: number | undefined;
  protocol: string | number | undefined;
  notProtocol: string | number | undefined;
  http: HttpMatch | undefined;
  source: Entity;
  destination: Entity;
}

export interface Policy {
  kind: PolicyKind;
  name: string;
  namespace: string | undefined;
  order: number | undefined;
  tier: string;
  types: readonly Direction[];
  appliesTo: (endpoint: Endpoint) => boolean;
  ingress: readonly Rule[];
  egress: readonly Rule[];
}

type Read = (text: string | undefined) => Selector | undefined;

/**
 * Reads a policy.
 *
 * @returns undefined for one that is as if it were not there: a selector in it does not parse, it is for host
 *   endpoints, of which there are none, or it is the staged deletion of another, which enforcing it would not render
 *   either.
 */
export function compilePolicy(kind: PolicyKind, object: KubeObject, rules: CalicoRules): Policy | undefined {
  const spec = kind.endsWith('KubernetesNetworkPolicy')
    ? fromKubernetes(object)
    : ((object.spec ?? {}) as PolicySpec);
  if (spec.stagedAction === 'Delete' || spec.doNotTrack || spec.preDNAT) return undefined;
  let readable = true;
  const read: Read = (text) => {
    if (!text) return undefined;
    const selector = rules.selectorOf(text);
    readable &&= selector !== undefined;
    return selector;
  };
  const { name, namespace } = object.metadata;
  const rulesOf = (specs: readonly RuleSpec[] = []) =>
    specs.map((rule) => compileRule(rule, namespace, read, rules));
  const policy: Policy = {
    kind,
    name,
    namespace,
    order: spec.order,
    tier: spec.tier || defaultTier,
    types: rules.typesOf(spec),
    appliesTo: applicability(spec, namespace, read, rules),
    ingress: rulesOf(spec.ingress),
    egress: rulesOf(spec.egress),
  };
  return readable ? policy : undefined;
}

function applicability(spec: PolicySpec, own: string | undefined, read: Read, rules: CalicoRules) {
  const selector = read(spec.selector);
  const namespaceSelector = read(spec.namespaceSelector);
  const accountSelector = read(spec.serviceAccountSelector);
  return ({ labels, namespace, serviceAccount }: Endpoint): boolean =>
    rules.policyApplies({
      endpoint: selector?.matches(labels) ?? true,
      namespace:
        own === undefined
          ? namespaceSelector === undefined || selectsNamespace(namespaceSelector, namespace.labels)
          : own === namespace.name,
      serviceAccount: accountSelector?.matches(serviceAccount.labels) ?? true,
    });
}

function compileRule(spec: RuleSpec, namespace: string | undefined, read: Read, rules: CalicoRules): Rule {
  const { action, ipVersion, protocol, notProtocol, http, source = {}, destination = {} } = spec;
  return {
    action,
    ipVersion,
    protocol,
    notProtocol,
    http: http && compileHttp(http),
    source: compileEntity(source, namespace, read, rules),
    destination: compileEntity(destination, namespace, read, rules),
  };
}

/** Entries that name no path are left out: with no others, there is no path clause (measured). */
function compileHttp({ methods = [], paths = [] }: HttpMatch): HttpMatch {
  return { methods, paths: paths.filter(({ exact, prefix }) => exact || prefix) };
}

function compileEntity(spec: EntityRule, own: string | undefined, read: Read, rules: CalicoRules): Entity {
  const { nets = [], notNets = [], ports = [], notPorts = [], serviceAccounts } = spec;
  const { names = [], selector: accountSelector } = serviceAccounts ?? {};
  return {
    nets,
    notNets,
    ports,
    notPorts,
    selector: read(spec.selector),
    notSelector: read(spec.notSelector),
    namespaceSelector: read(spec.namespaceSelector),
    ownNamespace: own !== undefined && rules.ownNamespaceOnly(spec) ? own : undefined,
    serviceAccounts:
      names.length === 0 && !accountSelector ? undefined : { names, selector: read(accountSelector) },
  };
}

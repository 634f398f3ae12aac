import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Direction, EntityRule, PolicySpec, RuleSpec } from './policy.ts';

interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

interface Peer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr: string; except?: string[] };
}

interface PolicyPort {
  port?: number | string;
  endPort?: number;
  protocol?: string;
}

interface KubernetesSpec {
  podSelector?: LabelSelector;
  policyTypes?: Direction[];
  ingress?: { from?: Peer[]; ports?: PolicyPort[] }[];
  egress?: { to?: Peer[]; ports?: PolicyPort[] }[];
  stagedAction?: string;
}

/**
 * A policy of `networking.k8s.io` as one of Calico's, which it is treated as: of order 1000 in the default tier
 * (calico `libcalico-go/lib/backend/k8s/conversion`; the order measured).
 */
export function fromKubernetes(object: KubeObject): PolicySpec {
  const spec = (object.spec ?? {}) as KubernetesSpec;
  const { podSelector = {}, policyTypes = [], ingress = [], egress = [], stagedAction } = spec;
  return {
    order: 1000,
    selector: selectorText(podSelector),
    types: policyTypes.length > 0 ? policyTypes : egress.length === 0 ? ['Ingress'] : ['Ingress', 'Egress'],
    ingress: ingress.flatMap(({ from, ports }) => rulesFor(from, ports, 'source')),
    egress: egress.flatMap(({ to, ports }) => rulesFor(to, ports, 'destination')),
    ...(stagedAction !== undefined && { stagedAction }),
  };
}

/** One Allow rule for each peer and protocol; no peers or no ports stand for any. */
function rulesFor(
  peers: readonly Peer[] = [],
  ports: readonly PolicyPort[] = [],
  side: 'source' | 'destination',
): RuleSpec[] {
  const entities = peers.length === 0 ? [{}] : peers.map(entityOf);
  const protocols = [...new Set(ports.map(({ protocol = 'TCP' }) => protocol))];
  return entities.flatMap((entity) => {
    if (ports.length === 0) return [{ action: 'Allow' as const, [side]: entity }];
    return protocols.map((protocol): RuleSpec => {
      const wanted = ports.filter((port) => (port.protocol ?? 'TCP') === protocol).map(portText);
      const destination = { ...(side === 'destination' && entity), ...portsOf(wanted) };
      return { action: 'Allow', protocol, ...(side === 'source' && { source: entity }), destination };
    });
  });
}

function portsOf(ports: readonly (number | string | undefined)[]): EntityRule {
  const named = ports.filter((port) => port !== undefined);
  return named.length < ports.length ? {} : { ports: named };
}

function portText({ port, endPort }: PolicyPort): number | string | undefined {
  return endPort === undefined ? port : `${port}:${endPort}`;
}

/** A peer that is no block of addresses means pods, never the network sets that its labels would fit as well. */
function entityOf({ podSelector, namespaceSelector, ipBlock }: Peer): EntityRule {
  if (ipBlock !== undefined) {
    return { nets: [ipBlock.cidr], ...(ipBlock.except && { notNets: ipBlock.except }) };
  }
  return {
    selector: `projectcalico.org/orchestrator == 'k8s' && ${selectorText(podSelector ?? {})}`,
    ...(namespaceSelector && { namespaceSelector: selectorText(namespaceSelector) }),
  };
}

function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const parts = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key} == '${value}'`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      const set = `{${values.map((value) => `'${value}'`).join(', ')}}`;
      if (operator === 'In') return `${key} in ${set}`;
      if (operator === 'NotIn') return `${key} not in ${set}`;
      return operator === 'Exists' ? `has(${key})` : `!has(${key})`;
    }),
  ];
  return parts.length === 0 ? 'all()' : parts.join(' && ');
}

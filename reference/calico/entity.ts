import type { CalicoRules } from '../rules/calico.ts';
import type { Entity } from './compile.ts';
import type { Member } from './members.ts';
import type { Layer, NamedPort, Port } from './policy.ts';
import type { View } from './view.ts';

/** One end of a connection. */
export interface Party {
  address: string;
  port: number;
}

/**
 * Whether one side of a rule matches an address and port: all that Felix can see, and the half of it that Dikastes
 * decides by address. Selectors and service accounts are sets of addresses here, those of the pods they select.
 */
export function addressMatches(
  entity: Entity,
  { address, port }: Party,
  view: View,
  layer: Layer,
  rules: CalicoRules,
): boolean {
  const { nets, notNets, notSelector } = entity;
  const within = (net: string) => rules.netMatches(net, address);
  if (nets.length > 0 && !nets.some(within)) return false;
  if (rules.negationCounts('notNets', layer) && notNets.some(within)) return false;
  const members = view.membersAt(address);
  if (!portMatches(entity, port, members, layer, rules)) return false;
  if (bySets(entity) && !members.some((member) => memberMatches(entity, member, rules))) return false;
  const excluded = members.some(({ labels }) => notSelector?.matches(labels) ?? false);
  return !(excluded && rules.negationCounts('notSelector', layer));
}

function portMatches(
  { ports, notPorts }: Entity,
  port: number,
  members: readonly Member[],
  layer: Layer,
  rules: CalicoRules,
): boolean {
  const named = members.flatMap((member) => member.ports);
  const is = (entry: Port) => portIs(entry, port, named, layer, rules);
  if (ports.length > 0 && !ports.some(is)) return false;
  return !(rules.negationCounts('notPorts', layer) && notPorts.some(is));
}

function portIs(
  entry: Port,
  port: number,
  named: readonly NamedPort[],
  layer: Layer,
  rules: CalicoRules,
): boolean {
  return /^\d+(:\d+)?$/.test(String(entry))
    ? rules.portMatches(entry, port)
    : rules.namedPortMatches(String(entry), port, named, layer);
}

/** Whether the rule means certain pods or sets. */
function bySets(entity: Entity): boolean {
  const { selector, namespaceSelector, ownNamespace, serviceAccounts, notSelector } = entity;
  if (selector ?? namespaceSelector ?? serviceAccounts) return true;
  // Only what is in the policy's own namespace is meant, without those that the selector excludes.
  return notSelector !== undefined && ownNamespace !== undefined;
}

function memberMatches(
  { selector, namespaceSelector, ownNamespace, serviceAccounts }: Entity,
  { labels, namespace, serviceAccount }: Member,
  rules: CalicoRules,
): boolean {
  return rules.memberMatches({
    selector: selector?.matches(labels) ?? true,
    namespace:
      namespaceSelector === undefined
        ? ownNamespace === undefined || ownNamespace === namespace?.name
        : namespaceSelector.global
          ? namespace === undefined
          : namespace !== undefined && namespaceSelector.matches(namespace.labels),
    serviceAccount:
      serviceAccounts === undefined ||
      (serviceAccount !== undefined && rules.serviceAccountMatches(serviceAccounts, serviceAccount)),
  });
}

import type { CalicoRules } from '../rules/calico.ts';
import type { Entity } from './compile.ts';
import type { Layer, NamedPort, Port } from './policy.ts';
import { selectedOf } from './selection.ts';
import type { Holder, View } from './view.ts';

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
  const { nets, notNets } = entity;
  const within = (net: string) => rules.netMatches(net, address);
  if (nets.length > 0 && !nets.some(within)) return false;
  if (rules.negationCounts('notNets', layer) && notNets.some(within)) return false;
  const selected = selectedOf(entity, view.holdersOf(address), layer, rules);
  return selected !== undefined && portMatches(entity, port, selected, layer, rules);
}

function portMatches(
  { ports, notPorts }: Entity,
  port: number,
  selected: readonly Holder[],
  layer: Layer,
  rules: CalicoRules,
): boolean {
  // A name is looked up only in what the rule selects, where it selects anything.
  const named = selected.flatMap(({ member }) => member.ports);
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

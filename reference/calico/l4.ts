import type { CalicoRules } from '../rules/calico.ts';
import type { Rule } from './compile.ts';
import { addressMatches, type Party } from './entity.ts';
import type { Endpoint } from './members.ts';
import type { Direction } from './policy.ts';
import { protocolMatches, versionMatches } from './rule.ts';
import { evaluate } from './tiers.ts';
import type { View } from './view.ts';

export interface Connection {
  source: string;
  sourceIsHost: boolean;
  destination: string;
  port: number;
}

// The network does not number the ports that connections come from; an ephemeral one stands for them all.
const ephemeralPort = 50_000;

/**
 * Whether Felix lets a new connection through: the source pod's egress policies and the destination pod's ingress
 * policies must both (calico `felix/rules/endpoints.go`).
 */
export function permits(view: View, connection: Connection, rules: CalicoRules): boolean {
  const source = { address: connection.source, port: ephemeralPort };
  const destination = { address: connection.destination, port: connection.port };
  const lets = (direction: Direction, endpoint: Endpoint | undefined): boolean => {
    if (endpoint === undefined) return true;
    const matches = (rule: Rule) => ruleMatches(rule, source, destination, view, rules);
    return evaluate({ view, endpoint, direction, layer: 'L4' }, matches, rules) === 'allow';
  };
  const { sourceIsHost } = connection;
  if (!sourceIsHost && !lets('Egress', view.endpointAt(source.address))) return false;
  if (sourceIsHost && rules.hostIsExempt()) return true;
  return lets('Ingress', view.endpointAt(destination.address));
}

function ruleMatches(rule: Rule, source: Party, destination: Party, view: View, rules: CalicoRules): boolean {
  return (
    versionMatches(rule, source.address, 'L4', rules) &&
    protocolMatches(rule, rules) &&
    (rule.http === undefined || rules.httpMatchesAtL4(rule.http)) &&
    addressMatches(rule.source, source, view, 'L4', rules) &&
    addressMatches(rule.destination, destination, view, 'L4', rules)
  );
}

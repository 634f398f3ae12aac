import { isIP } from 'node:net';
import type { CalicoRules } from '../rules/calico.ts';
import type { Rule } from './compile.ts';
import type { Layer } from './policy.ts';

/** Whether a rule is for connections of TCP. */
export function protocolMatches({ protocol, notProtocol }: Rule, rules: CalicoRules): boolean {
  if (protocol !== undefined && !rules.protocolMatches(protocol)) return false;
  return notProtocol === undefined || !rules.protocolMatches(notProtocol);
}

/** Whether a rule is for connections of an address's version of IP. */
export function versionMatches(rule: Rule, address: string, layer: Layer, rules: CalicoRules): boolean {
  const { ipVersion, source, destination } = rule;
  const nets = [source.nets, source.notNets, destination.nets, destination.notNets];
  return rules.versionMatches({ ipVersion, nets }, isIP(address), layer);
}

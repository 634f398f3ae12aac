import { netOf } from '../net.ts';
import type { EntityRule, Layer, NamedPort, Port } from '../policy.ts';

/** How a rule's source and destination match, and its protocol (Calico reference, EntityRule). */
export const entityRules = {
  /**
   * Whether a rule is for an IP version: the one it says, and one that is in each of its lists of CIDRs (Rule,
   * `ipVersion`; calico `felix/rules/policy.go` FilterRuleToIPVersion).
   */
  versionMatches: (
    rule: { ipVersion: number | undefined; nets: readonly (readonly string[])[] },
    version: number,
    _layer: Layer,
  ): boolean =>
    (rule.ipVersion === undefined || rule.ipVersion === version) &&
    rule.nets.every((nets) => nets.length === 0 || nets.some((net) => netOf(net).version === version)),

  /** By name, or by number; all connections of the mesh are TCP. */
  protocolMatches: (protocol: string | number): boolean => /^(tcp|6)$/i.test(String(protocol)),

  /** The port itself, or a range with both ends in it (EntityRule, "Ports"). */
  portMatches: (entry: Port, port: number): boolean => {
    const [first, last = first] = String(entry).split(':').map(Number);
    return first !== undefined && last !== undefined && first <= port && port <= last;
  },

  /** A name means the port of that name of the endpoint itself (EntityRule, "Ports"). */
  namedPortMatches: (name: string, port: number, named: readonly NamedPort[], _layer: Layer): boolean =>
    named.some((own) => own.name === name && own.port === port),

  /** Whether an address is in a net in CIDR notation (EntityRule, `nets`). */
  netMatches: (net: string, address: string): boolean => netOf(net).contains(address),

  /** Whether a negated criterion is looked at (EntityRule, `notNets` and the rest). */
  negationCounts: (_field: 'notNets' | 'notPorts' | 'notSelector', _layer: Layer): boolean => true,

  /**
   * Whether a rule that names no namespaces means those of its own policy: in a namespaced policy it does when it
   * selects pods or service accounts (NetworkPolicy, EntityRule, `namespaceSelector`).
   */
  ownNamespaceOnly: (entity: EntityRule): boolean =>
    !entity.namespaceSelector &&
    Boolean(
      entity.selector ||
        entity.notSelector ||
        entity.serviceAccounts?.selector ||
        entity.serviceAccounts?.names?.length,
    ),

  /** A pod or network set is meant when everything that the rule selects by selects it (EntityRule). */
  memberMatches: (by: { selector: boolean; namespace: boolean; serviceAccount: boolean }): boolean =>
    by.selector && by.namespace && by.serviceAccount,

  /**
   * Whether an address is among what a selector selects, from those selected nets that it is in: pods are nets of
   * one address (EntityRule, `selector`; GlobalNetworkSet).
   */
  selectionContains: (nets: readonly string[], _layer: Layer): boolean => nets.length > 0,

  /** A node's own traffic to its pods is not subject to their ingress policies (measured; alp.md, section 2). */
  hostIsExempt: (): boolean => true,
};

import { BlockList, isIP } from 'node:net';
import type { EntityRule, Layer, NamedPort, Port } from '../policy.ts';

/** How a rule's source and destination match, and its protocol (Calico reference, EntityRule). */
export const entityRules = {
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
  netMatches: (net: string, address: string): boolean => {
    const [base = '', length] = net.split('/');
    const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(base) === 0 || isIP(base) !== isIP(address)) return false;
    const block = new BlockList();
    if (length === undefined) block.addAddress(base, family);
    else block.addSubnet(base, Number(length), family);
    return block.check(address, family);
  },

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

  /** A node's own traffic to its pods is not subject to their ingress policies (measured; alp.md, section 2). */
  hostIsExempt: (): boolean => true,
};

import type { KubeObject } from '../../fixtures/cluster/objects.ts';

/** Where calico-node notes a node's own address, with its prefix length. */
export const nodeAddressAnnotation = 'projectcalico.org/IPv4Address';

/**
 * A node's address on the virtual network. Its `InternalIP` is another one: that is where the outside reaches it, and
 * here both nodes are reached on the machine that the reference runs on.
 */
export function networkAddress(node: KubeObject): string {
  const address = addressOf(node);
  if (address === undefined) throw new Error(`Node ${node.metadata.name} has no address.`);
  return address;
}

/** The addresses that pods of a node get, such as `10.244.1.0/24`. */
export function podCidr(node: KubeObject): string {
  const cidr = cidrOf(node);
  if (cidr === undefined) throw new Error(`Node ${node.metadata.name} has no podCIDR.`);
  return cidr;
}

/** Whether there is a machine behind a node: one that somebody only wrote down has no addresses to give. */
export function runsPods(node: KubeObject): boolean {
  return addressOf(node) !== undefined && cidrOf(node) !== undefined;
}

function addressOf({ metadata, status }: KubeObject): string | undefined {
  const noted = metadata.annotations?.[nodeAddressAnnotation]?.split('/')[0];
  const { addresses = [] } = (status ?? {}) as { addresses?: { type: string; address: string }[] };
  return noted ?? addresses.find(({ type }) => type === 'InternalIP')?.address;
}

function cidrOf({ spec }: KubeObject): string | undefined {
  return (spec as { podCIDR?: string } | null | undefined)?.podCIDR;
}

/** Whether a node has all labels that a pod asks for. */
export function fitsNode(node: KubeObject, nodeSelector: Record<string, string> = {}): boolean {
  const labels = node.metadata.labels ?? {};
  return Object.entries(nodeSelector).every(([key, value]) => labels[key] === value);
}

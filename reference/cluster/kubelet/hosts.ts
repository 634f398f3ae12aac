import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { NetworkInterface, Owner } from '../../network/interface.ts';
import type { Store } from '../../store/store.ts';
import { type Allocator, podAddresses } from '../allocator.ts';
import { networkAddress, podCidr } from '../node.ts';
import { podSpec } from '../pod.ts';
import type { PodPlace } from './running-pod.ts';

/** What of the virtual network the kubelet needs. */
export interface PodNetwork {
  attach: (address: string, owner: Owner) => NetworkInterface;
  detach: (address: string) => void;
}

/** The nodes' own places on the network, and the addresses they have for pods. */
export class Hosts {
  private readonly store: Store;
  private readonly network: PodNetwork;
  private readonly hosts = new Map<string, NetworkInterface>();
  private readonly allocators = new Map<string, Allocator<string>>();
  private readonly taken = new Set<string>();

  constructor(store: Store, network: PodNetwork) {
    this.store = store;
    this.network = network;
  }

  /**
   * A node's own interface, which the pods in its network share.
   *
   * @throws when there is no such node.
   */
  host(nodeName: string): NetworkInterface {
    const known = this.hosts.get(nodeName);
    if (known !== undefined) return known;
    const host = this.network.attach(networkAddress(this.node(nodeName)), { host: true });
    this.hosts.set(nodeName, host);
    return host;
  }

  /** Gives a pod its place on the node that it is bound to. */
  place(pod: KubeObject): PodPlace {
    const { nodeName = '', hostNetwork = false } = podSpec(pod);
    const host = this.host(nodeName);
    if (hostNetwork) return { network: host, hostAddress: host.address };
    const cidr = podCidr(this.node(nodeName));
    const addresses = this.allocators.get(cidr) ?? podAddresses(cidr);
    this.allocators.set(cidr, addresses);
    const address = addresses.next(this.taken);
    this.taken.add(address);
    const owner = { pod: `${pod.metadata.namespace}/${pod.metadata.name}` };
    return { network: this.network.attach(address, owner), hostAddress: host.address };
  }

  /** Takes a pod's place back. */
  leave({ network: { address } }: PodPlace): void {
    if (this.taken.delete(address)) this.network.detach(address);
  }

  close(): void {
    for (const { address } of this.hosts.values()) this.network.detach(address);
    this.hosts.clear();
  }

  private node(name: string): KubeObject {
    const node = this.store.find('Node', name);
    if (node === undefined) throw new Error(`There is no node ${name}.`);
    return node;
  }
}

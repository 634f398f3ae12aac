/** Gives out the values of a range in turn, so that one that was given back is not soon someone else's. */
export interface Allocator<T> {
  /** @throws when every value is taken. */
  next: (taken: ReadonlySet<T>) => T;
}

/** The values of a range, by their number from 0. */
export function allocator<T>(size: number, value: (index: number) => T): Allocator<T> {
  let turn = 0;
  return {
    next: (taken) => {
      for (let tried = 0; tried < size; tried++) {
        const candidate = value(turn);
        turn = (turn + 1) % size;
        if (!taken.has(candidate)) return candidate;
      }
      throw new Error(`All ${size} values of a range are taken.`);
    },
  };
}

/** Addresses of services: 10.96.0.0/16, without those at its beginning that Kubernetes keeps for itself. */
export function clusterAddresses(): Allocator<string> {
  const reserved = 256;
  return allocator(65_535 - reserved, (index) => addressIn('10.96.0.0', reserved + index));
}

/** Kubernetes' default range of node ports, without the part at its beginning that it keeps for chosen ones. */
export function nodePorts(): Allocator<number> {
  const reserved = 86;
  return allocator(2768 - reserved, (index) => 30_000 + reserved + index);
}

/** The addresses that pods of a node may have, such as those of `10.244.1.0/24`. */
export function podAddresses(cidr: string): Allocator<string> {
  const [base = '', bits = '24'] = cidr.split('/');
  // Without the network's own address, the node's and the broadcast address.
  return allocator(2 ** (32 - Number(bits)) - 3, (index) => addressIn(base, index + 2));
}

/** The address that comes so many after another one. */
function addressIn(base: string, offset: number): string {
  const number = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + offset;
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

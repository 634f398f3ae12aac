import { BlockList, isIP } from 'node:net';

/** A net in CIDR notation; an address alone stands for itself. */
export interface Net {
  /** 0 for what is no net, which contains nothing. */
  version: 0 | 4 | 6;
  /** How many bits at the end are free: 0 for one address. */
  hostBits: number;
  contains: (address: string) => boolean;
}

const read = new Map<string, Net>();

/** Reads a net, once for every text. */
export function netOf(text: string): Net {
  let net = read.get(text);
  if (net === undefined) {
    net = parse(text);
    read.set(text, net);
  }
  return net;
}

function parse(text: string): Net {
  const [base = '', length] = text.split('/');
  const version = isIP(base) as 0 | 4 | 6;
  if (version === 0) return { version, hostBits: 0, contains: () => false };
  const bits = version === 4 ? 32 : 128;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const prefix = length === undefined ? bits : Number(length);
  const block = new BlockList();
  block.addSubnet(base, prefix, family);
  return {
    version,
    hostBits: bits - prefix,
    // The block of an address of the other version would contain one that is mapped to it.
    contains: (address) => isIP(address) === version && block.check(address, family),
  };
}

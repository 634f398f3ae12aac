/** Where something listens: a name or an address, IPv6 without brackets. */
export interface Address {
  host: string;
  port: number;
}

/** `http://host:port`; the port may be left out. */
export function parseAddress(url: string): Address {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port) };
}

/** One spelling of an address: IPv6 has many. */
export function canonicalHost(host: string): string {
  return host.includes(':') && URL.canParse(`http://[${host}]`)
    ? parseAddress(`http://[${host}]`).host
    : host;
}

/** As it is written in URLs. */
export function writeAddress({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

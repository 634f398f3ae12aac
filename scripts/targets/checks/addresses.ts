import { type Check, fits } from './check.ts';

/**
 * Which IP versions the cluster speaks. Probes, routes and access logs know both, and a sidecar tells them apart
 * no more than Dikastes does, so there is nothing to refuse.
 */
export const addresses: Check = {
  name: 'IP versions',
  look: async (cluster, { inspection }) => {
    const kubernetes = await cluster.find({
      apiVersion: 'v1',
      kind: 'Service',
      namespace: 'default',
      name: 'kubernetes',
    });
    const { clusterIPs = [] } = (kubernetes?.spec ?? {}) as { clusterIPs?: string[] };
    const services = new Set(clusterIPs.map((address) => (address.includes(':') ? 'IPv6' : 'IPv4')));
    const pods = inspection.means.ipv6 ? 'pods have IPv6 addresses' : 'no pod has an IPv6 address';
    return fits(`Services have ${[...services].join(' and ') || 'unknown'} addresses, and ${pods}`);
  },
};

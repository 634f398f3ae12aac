import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { listWhereServed } from '../../../fixtures/cluster/served.ts';
import type { GatewayFacts } from '../../../fixtures/run.ts';
import { chooseGateway, UnclearGateway } from '../../runbook/gateway.ts';
import { type Check, fits, note, unfit } from './check.ts';

/** Who else serves every host at the port where the tutorial serves every host. */
export const gatewayHosts: Check = {
  name: 'who else is on the gateway',
  look: async (cluster, { inspection, options }) => {
    if (!inspection.istioInstalled) return fits('No one else can be on a gateway that is not there yet');
    const [services, nodes, gateways] = await Promise.all([
      cluster.list({ apiVersion: 'v1', kind: 'Service' }),
      cluster.list({ apiVersion: 'v1', kind: 'Node' }),
      listWhereServed(cluster, { apiVersion: 'networking.istio.io/v1alpha3', kind: 'Gateway' }),
    ]);
    const chosen = chosenFrom(services, nodes, options);
    if (chosen === undefined) return fits('It is not clear yet which gateway it will be');
    const others = gateways.filter((gateway) => isNotOurs(gateway) && selects(gateway, services, chosen));
    const redirecting = others.filter((gateway) =>
      serversForAll(gateway).some(({ tls }) => tls?.httpsRedirect),
    );
    if (redirecting.length > 0) {
      return unfit(
        `Gateway ${namesOf(redirecting)} redirects every host at port 80 of ${chosen.namespace}/${chosen.name} to HTTPS, and the tutorial's shop is served there`,
        'name a gateway of its own with --gateway NAMESPACE/NAME, or let it redirect the hosts that it is for',
      );
    }
    const wide = others.filter((gateway) => serversForAll(gateway).length > 0);
    return wide.length === 0
      ? fits('No other Gateway serves every host there')
      : note(
          `Gateway ${namesOf(wide)} serves every host at port 80 of ${chosen.namespace}/${chosen.name} too, so its routes and the shop's mix until the run is over`,
          'name a gateway of its own with --gateway NAMESPACE/NAME where that matters',
        );
  },
};

function chosenFrom(...args: Parameters<typeof chooseGateway>): GatewayFacts | undefined {
  try {
    return chooseGateway(...args).chosen;
  } catch (error) {
    if (error instanceof UnclearGateway) return undefined;
    throw error;
  }
}

interface Server {
  port?: { number?: number };
  hosts?: string[];
  tls?: { httpsRedirect?: boolean };
}

function isNotOurs({ metadata }: KubeObject): boolean {
  return metadata.namespace !== 'default' || metadata.name !== 'frontend-gateway';
}

/** Whether a Gateway is for the proxies behind a Service, as far as the Service's own selector tells. */
function selects(
  { spec }: KubeObject,
  services: readonly KubeObject[],
  { namespace, name }: GatewayFacts,
): boolean {
  const { selector = {} } = (spec ?? {}) as { selector?: Record<string, string> };
  const service = services.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  const labels = (service?.spec as { selector?: Record<string, string> } | undefined)?.selector ?? {};
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function serversForAll({ spec }: KubeObject): Server[] {
  const { servers = [] } = (spec ?? {}) as { servers?: Server[] };
  return servers.filter(
    ({ port, hosts = [] }) => port?.number === 80 && hosts.some((host) => host === '*' || host === '*/*'),
  );
}

function namesOf(objects: readonly KubeObject[]): string {
  return objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ');
}

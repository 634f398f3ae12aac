import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { chooseGateway, UnclearGateway } from '../../runbook/gateway.ts';
import { findIstiod } from '../istiod.ts';
import { type Check, type Finding, fits, note, unfit } from './check.ts';

/** Which gateway the shop is reached by. */
export const gateways: Check = {
  name: 'the ingress gateway',
  look: async (cluster, { inspection, options }) => {
    if (!inspection.istioInstalled) return fits('The ingress gateway will come with Istio');
    const [services, nodes, istiod] = await Promise.all([
      cluster.list({ apiVersion: 'v1', kind: 'Service' }),
      cluster.list({ apiVersion: 'v1', kind: 'Node' }),
      findIstiod(cluster, options.revision),
    ]);
    try {
      const { chosen, others } = chooseGateway(services, nodes, options);
      const name = `${chosen.namespace}/${chosen.name}`;
      if (!serves(services, chosen, 80)) {
        return unfit(
          `The gateway's Service ${name} has no port 80, which the tutorial's Gateway is for`,
          'give it one, or name another gateway with --gateway NAMESPACE/NAME',
        );
      }
      if (chosen.namespace !== 'default' && isScoped(istiod)) {
        return unfit(
          `Istio lets Gateways select proxies of their own namespace alone (PILOT_SCOPE_GATEWAY_TO_NAMESPACE), and the tutorial's is in default while ${name} is not`,
          'use a gateway in namespace default, or switch that off',
        );
      }
      return told(name, others);
    } catch (error) {
      if (error instanceof UnclearGateway) return unfit(error.found, error.todo);
      throw error;
    }
  },
};

function told(name: string, others: readonly string[]): Finding {
  return others.length === 0
    ? fits(`The shop will be reached by gateway ${name}`)
    : note(
        `The shop will be reached by gateway ${name} and not by ${others.join(', ')}`,
        'name another one with --gateway NAMESPACE/NAME',
      );
}

function serves(
  services: readonly KubeObject[],
  { namespace, name }: { namespace: string; name: string },
  port: number,
): boolean {
  const service = services.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  const { ports = [] } = (service?.spec ?? {}) as { ports?: { port: number }[] };
  return ports.some((one) => one.port === port);
}

function isScoped(istiod: KubeObject | undefined): boolean {
  const { template } = (istiod?.spec ?? { template: {} }) as {
    template: { spec?: { containers: { env?: { name: string; value?: string }[] }[] } };
  };
  const variables = (template.spec?.containers ?? []).flatMap(({ env = [] }) => env);
  return variables.some(({ name, value }) => name === 'PILOT_SCOPE_GATEWAY_TO_NAMESPACE' && value === 'true');
}

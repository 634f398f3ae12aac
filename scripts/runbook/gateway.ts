import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { GatewayFacts } from '../../fixtures/run.ts';
import { Unclear } from '../../fixtures/unclear.ts';
import { canonicalHost, parseAddress } from './address.ts';
import type { Walk } from './walk.ts';

/** The gateway of the tutorial, which Istio's default profile brings. */
export const tutorialGateway: GatewayFacts = {
  namespace: 'istio-system',
  name: 'istio-ingressgateway',
  selector: { istio: 'ingressgateway' },
};

/** What a person said of the gateway. */
export interface AskedGateway {
  /** `NAMESPACE/NAME` of its Service. */
  gateway?: string | undefined;
  /** Where it is reached from here: `http://HOST:PORT`. */
  ingress?: string | undefined;
}

/** It is not clear which gateway the shop shall be reached by, or there is none. */
export class UnclearGateway extends Unclear {
  override name = 'UnclearGateway';
}

/** The gateway that was chosen, and the others it was chosen from. */
export interface Choice {
  chosen: GatewayFacts;
  others: string[];
}

/** The gateway that the walk goes by, looked for once. */
export async function gatewayOf(walk: Walk): Promise<GatewayFacts> {
  const known = walk.facts.gateway;
  if (known !== undefined) return known;
  const { chosen } = await findGateway(walk.cluster, walk.run);
  walk.learn({ gateway: chosen });
  return chosen;
}

/** @throws UnclearGateway */
export async function findGateway(cluster: Cluster, asked: AskedGateway): Promise<Choice> {
  const [services, nodes] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Service' }),
    cluster.list({ apiVersion: 'v1', kind: 'Node' }),
  ]);
  return chooseGateway(services, nodes, asked);
}

/**
 * The gateway to reach the shop by: the one that was named, else the one that `--ingress` is an address of, else the
 * only one, else the tutorial's own.
 *
 * @throws UnclearGateway
 */
export function chooseGateway(
  services: readonly KubeObject[],
  nodes: readonly KubeObject[],
  { gateway, ingress }: AskedGateway,
): Choice {
  if (gateway !== undefined) {
    const named = services.find((service) => nameOf(service) === gateway);
    if (named === undefined) {
      throw new UnclearGateway(
        `There is no Service ${gateway} that could be the gateway's`,
        'give --gateway the NAMESPACE/NAME of the Service before the ingress gateway',
      );
    }
    return { chosen: factsOf(named, services), others: [] };
  }
  const candidates = ingressGateways(services);
  if (candidates.length === 0) {
    throw new UnclearGateway(
      'Istio has no ingress gateway, which the tutorial routes the shop through (no Service selects pods labelled istio=ingressgateway)',
      'install one, as the default profile does, or name the Service of yours with --gateway NAMESPACE/NAME',
    );
  }
  const chosen =
    only(candidates.filter((service) => ingress !== undefined && isReachedAt(service, nodes, ingress))) ??
    only(candidates) ??
    candidates.find((service) => nameOf(service) === `${tutorialGateway.namespace}/${tutorialGateway.name}`);
  if (chosen === undefined) {
    throw new UnclearGateway(
      `Istio has several ingress gateways (${candidates.map(nameOf).join(', ')})`,
      'say which one the shop shall be reached by with --gateway NAMESPACE/NAME',
    );
  }
  const others = candidates.filter((service) => service !== chosen).map(nameOf);
  return { chosen: factsOf(chosen, candidates), others };
}

/**
 * The Services before gateways that let traffic in. The tutorial's label tells them; where no gateway has it, it is
 * what Istio's charts make of the release's name, so whatever is open to the outside with that label counts.
 */
function ingressGateways(services: readonly KubeObject[]): KubeObject[] {
  const labelled = services.filter((service) => selectorOf(service).istio === 'ingressgateway');
  if (labelled.length > 0) return labelled;
  return services.filter((service) => {
    const { type, ports = [] } = (service.spec ?? {}) as ServiceSpec;
    const kind = selectorOf(service).istio;
    return (
      kind !== undefined &&
      !notForIngress.has(kind) &&
      (type === 'LoadBalancer' || type === 'NodePort') &&
      ports.some(({ port }) => port === 80)
    );
  });
}

/** Values of the label `istio` that stand for something else. */
const notForIngress = new Set(['pilot', 'istiod', 'egressgateway', 'eastwestgateway']);

interface ServiceSpec {
  type?: string;
  selector?: Record<string, string>;
  ports?: { port: number; nodePort?: number }[];
  externalIPs?: string[];
}

/** The tutorial's label alone where no other gateway has it, else all that its Service selects by. */
function factsOf(service: KubeObject, all: readonly KubeObject[]): GatewayFacts {
  const { name, namespace = '' } = service.metadata;
  const selector = selectorOf(service);
  const { istio } = selector;
  const sharing = all.filter((other) => istio !== undefined && selectorOf(other).istio === istio);
  return {
    namespace,
    name,
    selector: istio !== undefined && sharing.length === 1 ? { istio } : selector,
  };
}

function isReachedAt(service: KubeObject, nodes: readonly KubeObject[], ingress: string): boolean {
  const { host, port } = parseAddress(ingress);
  const { ports = [], externalIPs = [] } = (service.spec ?? {}) as ServiceSpec;
  const { loadBalancer } = (service.status ?? {}) as {
    loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] };
  };
  const own = [
    ...externalIPs,
    ...(loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []),
  ];
  if (own.map(canonicalHost).includes(host)) return true;
  const ofNodes = nodes.flatMap(
    ({ status }) => (status as { addresses?: { address: string }[] } | undefined)?.addresses ?? [],
  );
  return (
    ofNodes.some(({ address }) => canonicalHost(address) === host) &&
    ports.some(({ nodePort }) => nodePort === port)
  );
}

function selectorOf({ spec }: KubeObject): Record<string, string> {
  return (spec as ServiceSpec | undefined)?.selector ?? {};
}

function nameOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function only<T>(candidates: readonly T[]): T | undefined {
  return candidates.length === 1 ? candidates[0] : undefined;
}

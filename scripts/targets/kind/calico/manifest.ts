import type { KubeObject } from '../../../../fixtures/cluster/objects.ts';
import type { Lane } from '../../../lanes/lane.ts';
import { familiesOf, subnets } from '../config.ts';

type Network = Pick<Lane, 'ipFamily' | 'dataPlane'>;

interface Variable {
  name: string;
  value?: string;
}

interface Container {
  name: string;
  env?: Variable[];
  livenessProbe?: Probe;
  readinessProbe?: Probe;
}

interface Probe {
  exec?: { command: string[] };
}

/**
 * The objects of Calico's manifest as its documentation says to change them for a network of VXLAN alone (Calico,
 * networking/configuring/vxlan-ipip and getting-started/kubernetes/self-managed-onprem/config-options), which asks
 * nothing of the network that the nodes are on, and without BGP; and for a lane's families and data plane.
 *
 * @throws Error when the manifest has not what is to be changed.
 */
export function forNodesOfKind(objects: readonly KubeObject[], lane: Network): KubeObject[] {
  const changed = objects.map((object) => {
    if (isNamed(object, 'ConfigMap', 'calico-config')) return configFor(object, lane);
    if (isNamed(object, 'DaemonSet', 'calico-node')) return nodeFor(object, lane);
    return object;
  });
  if (changed.filter((object, index) => object !== objects[index]).length !== 2) {
    throw new Error(
      "Calico's manifest has no ConfigMap calico-config with DaemonSet calico-node, so it cannot be adapted to kind.",
    );
  }
  return changed;
}

function configFor(object: KubeObject, lane: Network): KubeObject {
  const { cni_network_config: network = '', ...data } = object.data as Record<string, string>;
  return {
    ...object,
    data: { ...data, calico_backend: 'vxlan', cni_network_config: networkFor(network, lane) },
  };
}

/** The CNI configuration is JSON only once its placeholders are filled in, so it is edited as text. */
function networkFor(config: string, { ipFamily }: Network): string {
  if (ipFamily === 'ipv4') return config;
  const ipam = '"type": "calico-ipam"';
  if (!config.includes(ipam)) throw new Error("Calico's CNI configuration names no calico-ipam.");
  const assigns = `"assign_ipv4": "${ipFamily === 'dual'}", "assign_ipv6": "true"`;
  return config.replace(ipam, `${ipam}, ${assigns}`);
}

function nodeFor(object: KubeObject, lane: Network): KubeObject {
  const spec = object.spec as { template: { spec: { containers: Container[] } } };
  const containers = spec.template.spec.containers.map((container) =>
    container.name === 'calico-node' ? containerFor(container, lane) : container,
  );
  const template = { ...spec.template, spec: { ...spec.template.spec, containers } };
  return { ...object, spec: { ...spec, template } };
}

function containerFor(container: Container, lane: Network): Container {
  const { env = [], livenessProbe, readinessProbe } = container;
  const wanted = variablesFor(lane);
  return {
    ...container,
    env: [
      ...env.filter(({ name }) => !(name in wanted)),
      ...Object.entries(wanted).map(([name, value]) => ({ name, value })),
    ],
    ...(livenessProbe && { livenessProbe: withoutBird(livenessProbe) }),
    ...(readinessProbe && { readinessProbe: withoutBird(readinessProbe) }),
  };
}

function variablesFor({ ipFamily, dataPlane }: Network): Record<string, string> {
  const families = familiesOf({ ipFamily });
  const ipv4 = families.includes('ipv4')
    ? { CALICO_IPV4POOL_VXLAN: 'Always', CALICO_IPV4POOL_CIDR: subnets.pods.ipv4 }
    : // Without an address of that family the nodes need another number to be told by.
      { IP: 'none', CALICO_IPV4POOL_CIDR: 'none', CALICO_ROUTER_ID: 'hash' };
  return {
    CALICO_IPV4POOL_IPIP: 'Never',
    ...ipv4,
    ...(families.includes('ipv6') && {
      IP6: 'autodetect',
      FELIX_IPV6SUPPORT: 'true',
      CALICO_IPV6POOL_VXLAN: 'Always',
      CALICO_IPV6POOL_CIDR: subnets.pods.ipv6,
      CALICO_IPV6POOL_NAT_OUTGOING: 'true',
    }),
    ...(dataPlane === 'nftables' && { FELIX_NFTABLESMODE: 'Enabled' }),
  };
}

/** BIRD does not run where there is no BGP. */
function withoutBird(probe: Probe): Probe {
  if (probe.exec === undefined) return probe;
  const command = probe.exec.command.filter((argument) => !/^-?-bird-/.test(argument));
  return { ...probe, exec: { ...probe.exec, command } };
}

function isNamed({ kind, metadata }: KubeObject, wanted: string, name: string): boolean {
  return kind === wanted && metadata.name === name;
}

import semver from 'semver';
import type { Lane } from '../../lanes/lane.ts';
import { type Address, parseAddress } from '../../runbook/address.ts';

/** What a cluster is made with beside its lane. */
export interface Surroundings {
  /** Where on this machine the gateway is reached. */
  ingress: Address;
  /** A folder that says where containerd looks for images first; see `registryMirror`. */
  mirrors?: string | undefined;
  /** Docker's version of cgroups. */
  cgroupVersion?: string | undefined;
}

/** The node port of the ingress gateway, which leads to the ingress address. */
export const ingressNodePort = 30_080;

/** The networks of pods and services, by family. */
export const subnets = {
  pods: { ipv4: '10.244.0.0/16', ipv6: 'fd00:10:244::/56' },
  services: { ipv4: '10.96.0.0/16', ipv6: 'fd00:10:96::/112' },
};

/** The families of a lane's addresses, the first one first. */
export function familiesOf({ ipFamily }: Pick<Lane, 'ipFamily'>): ('ipv4' | 'ipv6')[] {
  return ipFamily === 'dual' ? ['ipv4', 'ipv6'] : [ipFamily];
}

/** The address of this machine that a lane's gateway is reached at, where a person names none. */
function loopbackOf(lane: Pick<Lane, 'ipFamily'>): string {
  return familiesOf(lane).includes('ipv4') ? '127.0.0.1' : '::1';
}

/** Where a lane's gateway shall be reached; port 0 is any free one. */
export function ingressAsked(
  { ingress }: { ingress?: string | undefined },
  lane: Pick<Lane, 'ipFamily'>,
): Address {
  return ingress === undefined ? { host: loopbackOf(lane), port: 0 } : parseAddress(ingress);
}

const containerdMirrors = '/etc/containerd/certs.d';

/**
 * kind's configuration for a lane (kind.x-k8s.io/v1alpha4): two nodes that run pods, since what reaches a pod from
 * its own node is exempt from Calico's ingress policy, and no network of kind's own.
 */
export function kindConfig(
  { kubernetes, api, ipFamily, dataPlane }: Pick<Lane, 'kubernetes' | 'api' | 'ipFamily' | 'dataPlane'>,
  { ingress, mirrors, cgroupVersion }: Surroundings,
): object {
  const families = familiesOf({ ipFamily });
  const subnet = (kind: keyof typeof subnets) => families.map((family) => subnets[kind][family]).join(',');
  const mounts = mirrors !== undefined && {
    extraMounts: [{ hostPath: mirrors, containerPath: containerdMirrors, readOnly: true }],
  };
  return {
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: {
      disableDefaultCNI: true,
      ipFamily,
      podSubnet: subnet('pods'),
      serviceSubnet: subnet('services'),
      ...(dataPlane === 'nftables' && { kubeProxyMode: 'nftables' }),
    },
    // What Calico's own custom resources are given their defaults by.
    ...(api === 'native crds' && {
      featureGates: { MutatingAdmissionPolicy: true },
      runtimeConfig: { 'admissionregistration.k8s.io/v1beta1': 'true' },
    }),
    ...(cgroupVersion === '1' &&
      semver.gte(kubernetes, '1.35.0') && {
        kubeadmConfigPatches: [patch('KubeletConfiguration', ['failCgroupV1: false'])],
      }),
    ...(mirrors !== undefined && {
      // Node images of before containerd 2 do not look there by themselves.
      containerdConfigPatches: [
        `[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "${containerdMirrors}"\n`,
      ],
    }),
    nodes: [
      {
        role: 'control-plane',
        kubeadmConfigPatches: [patch('InitConfiguration', ['nodeRegistration:', '  taints: []'])],
        extraPortMappings: [
          {
            containerPort: ingressNodePort,
            hostPort: ingress.port,
            listenAddress: ingress.host,
            protocol: 'TCP',
          },
        ],
        ...mounts,
      },
      { role: 'worker', ...mounts },
    ],
  };
}

function patch(kind: string, lines: readonly string[]): string {
  return [`kind: ${kind}`, ...lines, ''].join('\n');
}

/**
 * How containerd is told to ask one registry for the images of all others, which it falls back to (containerd,
 * docs/hosts.md): the content of `_default/hosts.toml`.
 *
 * @param registry `HOST[:PORT]`, or with `http://` before it.
 */
export function registryMirror(registry: string): string {
  const url = registry.includes('://') ? registry : `https://${registry}`;
  return `[host."${url}"]\n  capabilities = ["pull", "resolve"]\n`;
}

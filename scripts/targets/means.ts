import semver from 'semver';
import { parse } from 'yaml';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { DataPlane } from '../../specs/selection.ts';
import { setting } from './checks/data-plane.ts';

// What a cluster has to offer, told from its objects.

interface NodeSpec {
  unschedulable?: boolean;
  taints?: { effect: string }[];
}

/** Whether a node takes pods that tolerate nothing; one that is not ready is tainted by the control plane. */
export function takesPods(node: KubeObject): boolean {
  const { unschedulable = false, taints = [] } = (node.spec ?? {}) as NodeSpec;
  return !unschedulable && taints.every(({ effect }) => effect === 'PreferNoSchedule');
}

/** Whether a pod has an IPv6 address of the pods' network; those on their host's network have the host's. */
export function hasIpv6(pod: KubeObject): boolean {
  if ((pod.spec as { hostNetwork?: boolean } | undefined)?.hostNetwork === true) return false;
  const { podIPs = [] } = (pod.status ?? {}) as { podIPs?: { ip: string }[] };
  return podIPs.some(({ ip }) => ip.includes(':'));
}

/**
 * Whether the injector of a release makes istio-proxy a restartable init container.
 *
 * @param istiod its Deployment, where it is installed; what the person's own arguments to istioctl change is not
 *   known before. The default is of pilot/pkg/features/pilot.go, what `auto` means of pkg/kube/inject/webhook.go:
 *   every kubelet must be 1.33 or newer.
 */
export function hasNativeSidecars(
  istiod: KubeObject | undefined,
  istio: string,
  nodes: readonly KubeObject[],
): boolean {
  const release = semver.coerce(istio);
  const byDefault = release !== null && semver.gte(release, '1.27.0') ? 'auto' : 'false';
  const mode = istiod === undefined ? byDefault : (envOf(istiod, 'ENABLE_NATIVE_SIDECARS') ?? byDefault);
  if (mode !== 'auto') return mode === 'true';
  return nodes.every((node) => {
    const { nodeInfo } = (node.status ?? {}) as { nodeInfo?: { kubeletVersion?: string } };
    const kubelet = semver.coerce(nodeInfo?.kubeletVersion);
    return kubelet !== null && semver.gte(kubelet, '1.33.0');
  });
}

/** The objects that say what Felix enforces with. */
export interface DataPlaneObjects {
  /** FelixConfiguration `default`. */
  felix: KubeObject | undefined;
  /** The DaemonSet that runs Felix, whose environment goes before its configuration. */
  calicoNode: KubeObject | undefined;
  /** ConfigMap kube-system/kube-proxy, as kubeadm makes it. */
  kubeProxy: KubeObject | undefined;
}

/**
 * What Felix enforces with. In its mode `Auto`, the default from 3.32 on (felix/config/config_params.go), it follows
 * kube-proxy, whose mode cannot always be seen.
 */
export function dataPlaneOf({ felix, calicoNode, kubeProxy }: DataPlaneObjects, calico: string): DataPlane {
  const setTo = (name: string) => setting(name, felix, calicoNode)?.toLowerCase();
  if (setTo('bpfEnabled') === 'true') return 'bpf';
  const release = semver.coerce(calico);
  const byDefault = release === null ? 'unknown' : semver.gte(release, '3.32.0') ? 'auto' : 'disabled';
  switch (setTo('nftablesMode') ?? byDefault) {
    case 'enabled':
      return 'nftables';
    case 'disabled':
      return 'iptables';
    case 'auto':
      return ofKubeProxy(kubeProxy);
    default:
      return 'unknown';
  }
}

function ofKubeProxy(configMap: KubeObject | undefined): DataPlane {
  const config = (configMap?.data as Record<string, string> | undefined)?.['config.conf'];
  if (config === undefined) return 'unknown';
  const { mode } = (parse(config) ?? {}) as { mode?: string };
  return mode === 'nftables' ? 'nftables' : 'iptables';
}

/** The value of a variable in the containers of a workload. */
function envOf(workload: KubeObject, name: string): string | undefined {
  const { template } = (workload.spec ?? {}) as {
    template?: { spec: { containers: { env?: { name: string; value?: string }[] }[] } };
  };
  const variables = template?.spec.containers.flatMap(({ env = [] }) => env);
  return variables?.find((variable) => variable.name === name)?.value;
}

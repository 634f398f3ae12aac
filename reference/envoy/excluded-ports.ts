import type { KubeObject } from '../../fixtures/cluster/objects.ts';

const annotations = {
  inbound: 'traffic.sidecar.istio.io/excludeInboundPorts',
  outbound: 'traffic.sidecar.istio.io/excludeOutboundPorts',
};

/**
 * Whether a pod's annotations leave a port out of what the sidecar takes over (istio `pkg/config/annotation`, which
 * `istio-init` makes rules of for iptables, so that such connections never come to the proxy).
 */
export function isExcluded(
  { metadata }: KubeObject,
  direction: 'inbound' | 'outbound',
  port: number,
): boolean {
  const excluded = metadata.annotations?.[annotations[direction]] ?? '';
  return excluded.split(',').some((item) => item.trim() === String(port));
}

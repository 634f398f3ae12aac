import type { KubeObject } from '../../fixtures/cluster/objects.ts';

/** Whether a pod's annotations leave a port out of what the sidecar takes over (Istio, resource annotations). */
export function isExcluded({ metadata }: KubeObject, port: number): boolean {
  const excluded = metadata.annotations?.['traffic.sidecar.istio.io/excludeInboundPorts'] ?? '';
  return excluded.split(',').some((item) => item.trim() === String(port));
}

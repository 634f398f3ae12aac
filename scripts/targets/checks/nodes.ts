import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { type Check, fits, note, unfit } from './check.ts';

/** Neither Istio's sidecars nor Dikastes run on Windows (Calico, Windows limitations). */
export const nodes: Check = {
  name: 'nodes',
  look: async (cluster) => {
    const all = await cluster.list({ apiVersion: 'v1', kind: 'Node' });
    const windows = all.filter((node) => systemOf(node) === 'windows');
    if (windows.length === 0) return fits('All nodes run Linux');
    return windows.length === all.length
      ? unfit(
          'All nodes run Windows, where neither sidecars nor Dikastes do',
          'use a cluster with Linux nodes',
        )
      : note(
          `${windows.length} of ${all.length} nodes run Windows, where application layer policy does not work, so the suite's own pods are kept off them`,
        );
  },
};

function systemOf({ metadata, status }: KubeObject): string | undefined {
  const { nodeInfo } = (status ?? {}) as { nodeInfo?: { operatingSystem?: string } };
  return metadata.labels?.['kubernetes.io/os'] ?? nodeInfo?.operatingSystem;
}

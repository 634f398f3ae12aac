import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { conditionOf } from '../../../fixtures/cluster/state.ts';
import { type Check, fits, note, unfit } from './check.ts';

/** Neither Istio's sidecars nor Dikastes run on Windows (Calico, Windows limitations). */
export const nodes: Check = {
  name: 'nodes',
  look: async (cluster) => {
    const all = await cluster.list({ apiVersion: 'v1', kind: 'Node' });
    const linux = all.filter((node) => systemOf(node) !== 'windows');
    if (linux.length === 0) {
      return unfit(
        'All nodes run Windows, where neither sidecars nor Dikastes do',
        'use a cluster with Linux nodes',
      );
    }
    const unready = linux.filter((node) => conditionOf(node, 'Ready')?.status !== 'True');
    const windows =
      linux.length === all.length
        ? undefined
        : `${all.length - linux.length} of ${all.length} nodes run Windows, where application layer policy does not work, so the suite's own pods are kept off them`;
    if (unready.length > 0) {
      const { found, todo } = whyUnready(linux, unready, windows === undefined ? 'nodes' : 'Linux nodes');
      const both = windows === undefined ? found : `${windows}; and ${found}`;
      return unready.length === linux.length ? unfit(both, todo) : note(both, todo);
    }
    return windows === undefined ? fits(`All nodes run Linux and are ready (${all.length})`) : note(windows);
  },
};

function whyUnready(
  linux: readonly KubeObject[],
  unready: readonly KubeObject[],
  what: string,
): { found: string; todo: string } {
  const [first] = unready as [KubeObject, ...KubeObject[]];
  const message = conditionOf(first, 'Ready')?.message ?? 'its kubelet says nothing';
  const found = `${unready.length} of ${linux.length} ${what} are not ready`;
  // A container runtime's own words, which kubelet passes on (containerd `internal/cri/server/status.go`).
  return /NetworkPluginNotReady/.test(message)
    ? {
        found: `${found}, for they have no network plugin (no CNI)`,
        todo: 'install Calico, or see why its calico-node does not start there',
      }
    : {
        found: `${found} (${first.metadata.name}: ${message})`,
        todo: `see what \`kubectl describe node ${first.metadata.name}\` says`,
      };
}

function systemOf({ metadata, status }: KubeObject): string | undefined {
  const { nodeInfo } = (status ?? {}) as { nodeInfo?: { operatingSystem?: string } };
  return metadata.labels?.['kubernetes.io/os'] ?? nodeInfo?.operatingSystem;
}

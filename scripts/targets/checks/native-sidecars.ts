import semver from 'semver';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { type Check, type Finding, fits, note, unfit } from './check.ts';

/** Kubernetes has had restartable init containers by default since then (`pkg/features/kube_features.go`). */
const since = '1.29.0';

/** Whether Istio's sidecars are native, and whether the nodes can run them so. */
export const nativeSidecars: Check = {
  name: 'native sidecars',
  look: async (cluster, { inspection }) =>
    judge(
      inspection.means.nativeSidecars,
      inspection.versions.istio,
      await cluster.list({ apiVersion: 'v1', kind: 'Node' }),
    ),
};

export function judge(native: boolean, istio: string, nodes: readonly KubeObject[]): Finding {
  if (!native) return fits(`Istio ${istio} makes sidecars ordinary containers here`);
  const older = nodes.filter((node) => semver.lt(semver.coerce(kubeletOf(node)) ?? since, since));
  if (older.length === 0)
    return fits(`Istio ${istio} makes sidecars native here, and every kubelet runs them`);
  const named = older.map((node) => `${node.metadata.name} (${kubeletOf(node)})`).join(', ');
  const found = `Istio makes sidecars native (ENABLE_NATIVE_SIDECARS), which kubelets before 1.29 do not run: ${named}`;
  const todo = 'switch that off in istiod, or upgrade these nodes';
  return older.length === nodes.length ? unfit(found, todo) : note(found, todo);
}

function kubeletOf({ status }: KubeObject): string {
  const { nodeInfo } = (status ?? {}) as { nodeInfo?: { kubeletVersion?: string } };
  return nodeInfo?.kubeletVersion ?? '';
}

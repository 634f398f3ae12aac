import type { Cluster } from '../../fixtures/cluster/client.ts';
import { MeshAuthority } from '../../fixtures/mesh-authority.ts';
import type { Inspection } from '../targets/inspect.ts';
import type { Options } from './options.ts';

/**
 * Whether the mesh's certificate authority may sign for the suite. Whoever has its key can be anyone in the mesh, so
 * on a cluster of someone's own it is not even looked for unless they said so.
 */
export async function maySign(
  cluster: Cluster,
  { istioInstalled }: Pick<Inspection, 'istioInstalled'>,
  { target, meshCa = target !== 'existing' }: Pick<Options, 'target' | 'meshCa'>,
): Promise<boolean> {
  if (!meshCa) return false;
  // One that istioctl installs makes its key itself, and keeps it where it is looked for.
  return !istioInstalled || (await MeshAuthority.find(cluster)) !== undefined;
}

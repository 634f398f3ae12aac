import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeKubeconfig } from '../../reference/api/kubeconfig.ts';
import { type MeshOptions, startMesh } from '../../reference/mesh.ts';

/** A reference mesh in this process, whose rules can be replaced, and a kubeconfig of it in a folder. */
export async function ownMesh(folder: string, options: MeshOptions) {
  const mesh = await startMesh(options);
  mkdirSync(folder, { recursive: true });
  const kubeconfig = join(folder, 'kubeconfig');
  writeKubeconfig(kubeconfig, mesh.api, 'reference');
  return { kubeconfig, context: 'reference', close: mesh.shut };
}

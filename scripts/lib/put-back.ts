import type { Cluster } from '../../fixtures/cluster/client.ts';
import { Journal } from '../../fixtures/guest/journal.ts';
import { undo } from '../../fixtures/guest/undo.ts';
import { journalFile, type Run } from '../../fixtures/run.ts';
import { uninstallIstio } from './istioctl.ts';

/** Takes back everything a run has done to the cluster; returns what could not be, one sentence each. */
export async function putBack(cluster: Cluster, run: Run): Promise<string[]> {
  process.stdout.write('Putting the cluster back ...\n');
  const notes = await attempt(cluster, run);
  for (const note of notes) process.stdout.write(`  ${note}\n`);
  if (notes.length > 0) process.stdout.write('Once that is mended, `npm run down` puts back the rest.\n');
  return notes;
}

async function attempt(cluster: Cluster, run: Run): Promise<string[]> {
  try {
    return await undo(cluster, new Journal(journalFile(run)), {
      run: run.id,
      log: () => {},
      uninstall: async ({ createdNamespace }) => {
        await uninstallIstio(run);
        if (!createdNamespace) return;
        await cluster.delete({ apiVersion: 'v1', kind: 'Namespace', name: 'istio-system' });
      },
    });
  } catch (error) {
    return [`The cluster could not be put back: ${error instanceof Error ? error.message : error}`];
  }
}

import { test as base } from '@playwright/test';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { writeKubeconfig } from '../../reference/api/kubeconfig.ts';
import { type Mesh, type MeshOptions, startMesh } from '../../reference/mesh.ts';
import {
  type AskedOptions,
  type Check,
  type Finding,
  sentenceOf,
} from '../../scripts/targets/checks/check.ts';
import { inspect } from '../../scripts/targets/inspect.ts';

/** A mesh with a client of its own. */
export interface Place {
  mesh: Mesh;
  cluster: Cluster;
  /** Makes objects as people do, and gives a function that takes them away again. */
  make: (...objects: KubeObject[]) => () => void;
  /** What a check finds, with its verdict, in one line. */
  look: (check: Check, options?: AskedOptions) => Promise<string>;
}

export async function openPlace(kubeconfig: string, options: MeshOptions = {}): Promise<Place> {
  const mesh = await startMesh(options);
  writeKubeconfig(kubeconfig, mesh.api, 'reference');
  const cluster = Cluster.connect(loadKubeConfig({ kubeconfig, context: 'reference' }));
  return {
    mesh,
    cluster,
    make: (...objects) => {
      const made = objects.map((object) => mesh.operations.create(object));
      return () => {
        for (const { apiVersion, kind, metadata } of made) {
          mesh.operations.delete(mesh.store.typeOf(apiVersion, kind)!, metadata.name, metadata.namespace);
        }
      };
    },
    look: async ({ look }, asked = {}) => {
      const inspection = await inspect(cluster, undefined, asked.revision);
      return line(await look(cluster, { inspection, options: asked }));
    },
  };
}

function line(finding: Finding): string {
  return `${finding.verdict}: ${sentenceOf(finding)}`;
}

/** One mesh, as the tutorial finds it, for all tests of a worker: each takes away what it has made. */
export const test = base.extend<object, { place: Place }>({
  place: [
    async ({}, use, { project, workerIndex }) => {
      const place = await openPlace(`${project.outputDir}/checks-${workerIndex}.kubeconfig`);
      await use(place);
      await place.cluster.close();
      await place.mesh.shut();
    },
    { scope: 'worker' },
  ],
});

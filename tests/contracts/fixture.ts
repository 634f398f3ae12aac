import { readFileSync, writeFileSync } from 'node:fs';
import { test as base } from '@playwright/test';
import { parse, stringify } from 'yaml';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isReady } from '../../fixtures/cluster/pods.ts';
import { writeKubeconfig } from '../../reference/api/kubeconfig.ts';
import { type Mesh, startMesh } from '../../reference/mesh.ts';

/** The context of every kubeconfig here. */
export const context = 'reference';

/** Long enough for any machine: only a test that fails waits for it. */
export const ampleMs = 20_000;

interface Contract {
  namespace: string;
  kubeconfig: string;
  /** Makes what a test begins with, without any client. */
  make: (...objects: object[]) => void;
  /** The same for pods; comes back when they are ready. */
  run: (...pods: object[]) => Promise<void>;
}

/** A mesh in this process, for whatever other people's clients do to it. */
export const test = base.extend<Contract, { mesh: Mesh }>({
  /** One for all tests of a worker, which keep to namespaces of their own. */
  mesh: [
    async ({}, use) => {
      const mesh = await startMesh();
      await use(mesh);
      await mesh.shut();
    },
    { scope: 'worker' },
  ],

  /** A new namespace of the test's own. */
  namespace: async ({ mesh: { operations } }, use, { testId }) => {
    const name = `contract-${testId}`;
    operations.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    await use(name);
  },

  /** The path of a kubeconfig for the mesh, whose context is in the test's namespace. */
  kubeconfig: async ({ mesh, namespace }, use, info) => {
    await use(kubeconfigFor(mesh, namespace, info.outputPath('kubeconfig')));
  },

  make: async ({ mesh, namespace }, use) => {
    await use((...objects) => {
      for (const object of objects) mesh.operations.create(inNamespace(object, namespace));
    });
  },

  run: async ({ mesh: { store }, namespace, make }, use) => {
    await use(async (...pods) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = store.subscribe('Pod', () => {
        if (store.list('Pod', namespace).every(isReady)) resolve();
      });
      make(...pods);
      await promise.finally(stop);
    });
  },
});

function inNamespace(object: object, namespace: string): KubeObject {
  const { metadata, ...rest } = structuredClone(object) as KubeObject;
  return { ...rest, metadata: { ...metadata, namespace } } as KubeObject;
}

/** Writes a kubeconfig as it is after `kubectl config set-context --current --namespace=…`. */
export function kubeconfigFor({ api }: Mesh, namespace: string, file: string): string {
  writeKubeconfig(file, api, context);
  const config = parse(readFileSync(file, 'utf8'));
  config.contexts[0].context.namespace = namespace;
  writeFileSync(file, stringify(config));
  return file;
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Cluster, Selection } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { readScene } from '../../fixtures/diagnostics/failure.ts';
import { Folder } from '../../fixtures/diagnostics/folder.ts';
import { atOnce, limits } from '../../fixtures/diagnostics/limits.ts';
import { diagnoseRun, runFolder } from '../../fixtures/diagnostics/run.ts';
import type { Run } from '../../fixtures/run.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';

const never = new Promise<never>(() => {});

/** A cluster with one object of each kind, but for what is answered otherwise; it knows how much was asked at once. */
function clusterWith(answer: (selection: Selection) => Promise<KubeObject[]> | undefined) {
  const asked = { most: 0, now: 0, total: 0 };
  const list = async (selection: Selection) => {
    asked.total += 1;
    asked.now += 1;
    asked.most = Math.max(asked.most, asked.now);
    await new Promise(setImmediate);
    const { apiVersion, kind, namespace } = selection;
    const found = await (answer(selection) ?? [
      { apiVersion, kind, metadata: { name: 'one', namespace }, spec: { containers: [] } },
    ]);
    asked.now -= 1;
    return found;
  };
  return { asked, cluster: { supports: async () => true, list, find: () => never } as unknown as Cluster };
}

function runIn(folder: string): Run {
  return { id: 'run1', folder: join(folder, 'state'), output: join(folder, 'report') } as Run;
}

const tutorial = {
  title: '',
  errors: [],
  seen: { edges: [], transcript: [] },
  stage: 'tutorial',
  slot: 0,
} as const;

test('a list without an answer costs itself alone, and no more is asked at once than may be', async ({}, info) => {
  // The last of Istio's kinds, and time for no answer after it.
  const { cluster, asked } = clusterWith(({ kind }) => (kind === 'Telemetry' ? never : undefined));
  const bounds = { ...limits.failure, timeMs: 1_000 };
  const folder = await Folder.make(info.outputPath('folder'), bounds);
  await readScene(cluster, folder, bounds, runIn(info.outputPath()), tutorial);
  expect(folder.files.get('istio.yaml')).toContain('kind: PeerAuthentication');
  const errors = folder.files.get('errors.txt') ?? '';
  expect(errors).toContain(`Telemetry objects in ${shopNamespace}: no answer within 1 s`);
  expect(errors).not.toContain('istio.yaml');
  expect(asked.most).toBeLessThanOrEqual(atOnce);
});

test('no more is asked at once where there are many namespaces', async ({}, info) => {
  const namespaces = Array.from({ length: 6 }, (_, index) => `alp-run1-${index}`);
  const { cluster, asked } = clusterWith(({ kind, name }) =>
    kind === 'Namespace' && name === undefined
      ? Promise.resolve(namespaces.map((name) => ({ apiVersion: 'v1', kind, metadata: { name } })))
      : undefined,
  );
  const folder = await Folder.make(info.outputPath('folder'), limits.failure);
  const run = runIn(info.outputPath());
  await readScene(cluster, folder, limits.failure, run, { ...tutorial, stage: 'runbook' });
  const files = [...folder.files.keys()];
  expect(files.filter((file) => file.endsWith('/services.yaml')).length).toBeGreaterThan(namespaces.length);
  expect(asked.most).toBe(atOnce);
});

test('a run that is stopped waits for no answer, and asks for nothing more', async ({}, info) => {
  const stop = new AbortController();
  const reading = Promise.withResolvers<void>();
  const { cluster, asked } = clusterWith(() => {
    reading.resolve();
    return never;
  });
  const run = runIn(info.outputPath());
  const diagnosed = diagnoseRun(cluster, run, stop.signal);
  await reading.promise;
  const began = performance.now();
  stop.abort();
  expect(await diagnosed).toBe(runFolder);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(asked.total).toBe(1);
  const errors = readFileSync(join(run.output, runFolder, 'errors.txt'), 'utf8');
  expect(errors).toMatch(/^Pod objects: not read, as the run was stopped\n/);
  expect(existsSync(join(run.output, runFolder, 'pods.txt'))).toBe(false);
});

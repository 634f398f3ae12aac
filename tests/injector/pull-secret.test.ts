import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { undo } from '../../fixtures/guest/undo.ts';
import { copyPullSecret, pullSecretRef } from '../../fixtures/injector/pull-secret.ts';
import { guestOf, shopCluster, test } from '../guest/fixture.ts';

const source: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'registry', namespace: 'default', labels: { owner: 'ann' } },
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': 'c2VjcmV0' },
};
const copied = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'alp-conformance-pull' };

test('NAMESPACE/NAME is a Secret', () => {
  expect(pullSecretRef('default/registry')).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: 'default',
    name: 'registry',
  });
});

test('a pull secret is copied whole, under a name of the run’s, and goes with the run', async ({
  journal,
}) => {
  const cluster = shopCluster();
  cluster.put(source);
  await copyPullSecret(cluster.asCluster, guestOf(cluster, journal), 'default/registry', 'shop');
  expect(cluster.at(copied)).toMatchObject({ type: source.type, data: source.data });
  expect(cluster.at(copied)?.metadata.labels, 'what its owner says of it').not.toHaveProperty('owner');

  await undo(cluster.asCluster, journal, { run: 'run1', uninstall: async () => {} });
  expect(cluster.at(copied)).toBeUndefined();
  expect(cluster.at(pullSecretRef('default/registry'))).toBeDefined();
});

test('what is in it is never written to the journal', async ({ journal }) => {
  const cluster = shopCluster();
  cluster.put(source);
  await copyPullSecret(cluster.asCluster, guestOf(cluster, journal), 'default/registry', 'shop');
  const written = readFileSync(journal.file, 'utf8');
  expect(written).toContain('alp-conformance-pull');
  expect(written).not.toContain('c2VjcmV0');
});

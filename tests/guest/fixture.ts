import { test as base } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { Guest } from '../../fixtures/guest/guest.ts';
import { Journal } from '../../fixtures/guest/journal.ts';
import { type Undone, undo } from '../../fixtures/guest/undo.ts';
import { FakeCluster } from './fake-cluster.ts';

export const run = 'run1';

/** Tests with a journal of their own. */
export const test = base.extend<{ journal: Journal }>({
  journal: async ({}, use, info) => use(new Journal(info.outputPath('journal.ndjson'))),
});

export function guestOf(cluster: FakeCluster, journal: Journal, group = 'a step', by = run): Guest {
  return new Guest(cluster.asCluster, journal, by, group);
}

/** Undoes what the journal says, and tells besides what was written to the cluster for it. */
export async function undone(
  cluster: FakeCluster,
  journal: Journal,
  uninstall: () => Promise<void> = async () => {
    throw new Error('There was nothing installed.');
  },
): Promise<Undone & { writes: string[] }> {
  const before = cluster.writes.length;
  const result = await undo(cluster.asCluster, journal, { run, uninstall });
  return { ...result, writes: cluster.writes.slice(before) };
}

export function object(apiVersion: string, kind: string, name: string, more: object = {}): KubeObject {
  const { metadata, ...rest } = more as { metadata?: object };
  return { apiVersion, kind, metadata: { name, ...metadata }, ...rest };
}

export const namespace = (name: string, labels?: object) =>
  object('v1', 'Namespace', name, labels && { metadata: { labels } });

/** A ConfigMap of the namespace shop. */
export const configMap = (name: string, data: object = { a: '1' }) =>
  object('v1', 'ConfigMap', name, { metadata: { namespace: 'shop' }, data });

export function deployment(name: string, replicas = 1): KubeObject {
  return object('apps/v1', 'Deployment', name, {
    metadata: { namespace: 'shop', generation: 1 },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'x' }] } },
    },
  });
}

export const policy = (name: string) =>
  object('projectcalico.org/v3', 'GlobalNetworkPolicy', name, { spec: { order: 10 } });

/** A cluster with a namespace to work in. */
export function shopCluster(...objects: KubeObject[]): FakeCluster {
  return new FakeCluster([namespace('shop'), ...objects]);
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { UnreachableError } from '../../fixtures/cluster/errors.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { startReference } from '../../scripts/targets/reference.ts';

// A process of its own takes a second to start on a busy machine.
test.describe.configure({ timeout: 60_000 });

const main = join(import.meta.dirname, '..', '..', 'reference', 'main.ts');

test('a reference mesh is a kubeconfig and a context, and gone when it is closed', async ({}, info) => {
  const target = await startReference({ folder: info.outputPath('mesh') });
  const cluster = Cluster.connect(loadKubeConfig(target));
  const nodes = await cluster.list({ apiVersion: 'v1', kind: 'Node' });
  await cluster.close();
  expect(nodes).toHaveLength(2);
  const gone = Cluster.connect(loadKubeConfig(target));
  await target.close();
  expect(existsSync(target.kubeconfig)).toBe(false);
  await expect(gone.version()).rejects.toThrow(UnreachableError);
});

test('it says what it is: a model, at the release whose deviations it has', async ({}, info) => {
  const target = await startReference({ folder: info.outputPath('mesh'), calico: 'v3.31.7' });
  const cluster = Cluster.connect(loadKubeConfig(target));
  const information = await cluster.get({
    apiVersion: 'projectcalico.org/v3',
    kind: 'ClusterInformation',
    name: 'default',
  });
  await cluster.close();
  await target.close();
  expect(target.about).toMatch(
    /^the embedded reference mesh, with \d+ known deviations of Calico v3\.31\.7 laid over it/,
  );
  expect(information.spec).toMatchObject({ calicoVersion: 'v3.31.7' });
});

test('what is asked of it is in its audit log, when it is told to keep one', async ({}, info) => {
  const auditLog = info.outputPath('audit.ndjson');
  const target = await startReference({ folder: info.outputPath('mesh'), auditLog });
  const cluster = Cluster.connect(loadKubeConfig(target));
  await cluster.version();
  await cluster.close();
  await target.close();
  const [event] = readFileSync(auditLog, 'utf8').split('\n');
  expect(JSON.parse(event ?? '')).toMatchObject({ stage: 'ResponseComplete', requestURI: '/version' });
});

test('it ends when whoever started it is gone', async ({}, info) => {
  const child = execa(
    process.execPath,
    [main, JSON.stringify({ kubeconfig: info.outputPath('kubeconfig') })],
    { stdin: 'pipe', reject: false },
  );
  // Ready is said only once the kubeconfig is there.
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect(existsSync(info.outputPath('kubeconfig'))).toBe(true);
  child.stdin.destroy();
  expect(await child).toMatchObject({ exitCode: 0, stderr: '' });
});

test('a mesh that is killed says so', async ({}, info) => {
  const target = await startReference({ folder: info.outputPath('mesh') });
  target.kill();
  await new Promise((resolve) => target.lost.addEventListener('abort', resolve, { once: true }));
  expect(target.lost.reason.message).toBe('The reference mesh ended unexpectedly (signal SIGKILL).');
  await target.close();
});

test('a mesh that does not come up says why', async ({}, info) => {
  const folder = info.outputPath('mesh');
  const error = await startReference({ folder, calico: 'newest' }).then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error?.message).toMatch(/^The reference mesh did not start .*newest is no release of Calico/s);
});

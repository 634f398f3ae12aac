import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { Cluster } from '../../../fixtures/cluster/client.ts';
import { ForbiddenError } from '../../../fixtures/cluster/errors.ts';
import { loadKubeConfig } from '../../../fixtures/cluster/kubeconfig.ts';
import { type KubeObject, refOf } from '../../../fixtures/cluster/objects.ts';
import { expect, nothingLeft, test } from '../fixture.ts';

// Processes take seconds to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

/** Nothing can be judged for want of a browser, so that a run ends as soon as its cluster is there. */
const nothingToJudge = ['--keep', '--requirement', 'HTTP-20'];

test('a kept cluster is taken up as it was before the run that kept it, and deleted by `down`', async ({
  workshop,
  mesh: _,
}) => {
  const first = await workshop.conformance(...nothingToJudge);
  expect(first.status).toBe(3);
  expect(first.stderr).toMatch(/^Nothing that was asked for can be judged here/);
  expect(first.stdout).toMatch(
    /\nThe cluster stays: kubectl --kubeconfig \S+\/kubeconfig --context kind-alp-current get pods -A; `npm run down` deletes it\.$/,
  );
  expect(workshop.world.names('containers')).toEqual(['alp-current-control-plane', 'alp-current-worker']);

  // Its maker's rights are a person's; the run's own are beside them, for nobody else to read.
  const runs = join(workshop.folder, '.state', 'runs');
  const [madeBy = ''] = readdirSync(runs);
  const own = join(runs, madeBy, 'kubeconfig.run');
  expect(statSync(own).mode & 0o777).toBe(0o600);
  const guest = Cluster.connect(
    loadKubeConfig({ kubeconfig: own, context: 'alp-conformance@kind-alp-current' }),
  );
  await expect(guest.list({ apiVersion: 'v1', kind: 'Secret' })).rejects.toThrow(ForbiddenError);
  expect(await guest.list({ apiVersion: 'v1', kind: 'Node' })).toHaveLength(2);
  await guest.close();

  // What a run with --keep leaves on it.
  const { kubeconfig } = workshop.world.mesh;
  const cluster = Cluster.connect(loadKubeConfig({ kubeconfig, context: 'mesh' }));
  const left = await cluster.create<KubeObject>({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'left', namespace: 'default', labels: { 'alp-conformance/run': 'before' } },
  });
  const folder = join(workshop.folder, '.state', 'runs', 'before');
  mkdirSync(folder, { recursive: true });
  const { stdout: gone } = await execa(process.execPath, ['-p', 'process.pid']);
  const run = {
    id: 'before',
    folder,
    target: 'kind',
    kubeconfig,
    context: 'alp-conformance@kind-alp-current',
    pid: Number(gone),
  };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
  const entry = { op: 'create', group: 'a step', ref: refOf(left) };
  writeFileSync(join(folder, 'journal.ndjson'), `\n${JSON.stringify(entry)}\n`);

  const second = await workshop.conformance(...nothingToJudge);
  expect(second.status).toBe(3);
  expect(second.stdout).toMatch(
    /^Taking up cluster alp-current: lane current, .*\nPutting the cluster back \.\.\.\n/,
  );
  expect(await cluster.find(refOf(left))).toBeUndefined();
  await cluster.close();
  expect(workshop.world.calls().filter((call) => call.startsWith('kind create'))).toHaveLength(1);

  const { status, stdout } = await workshop.down();
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: 'Cluster alp-current\n  It is deleted, with its network and its files.',
  });
  expect(workshop.left()).toEqual(nothingLeft);
  expect(workshop.files().filter((file) => /kubeconfig|kind/.test(file))).toEqual([]);
});

test('a cluster that was left half made is not taken up', async ({ workshop }) => {
  const { world } = workshop;
  world.behave({ program: 'kind', when: 'create cluster', after: true, hangs: true });
  const run = workshop.start('conformance', '--target', 'kind', '--keep');
  while (world.hanging === undefined) await new Promise(setImmediate);
  run.kill('SIGKILL');
  await run;
  world.behave();
  const halfMade = await workshop.conformance('--keep');
  expect(halfMade).toMatchObject({ status: 3, stdout: '' });
  expect(halfMade.stderr).toMatch(
    /^The cluster alp-current was left half made by run \w+: `npm run down` deletes it\.$/,
  );
  await workshop.down();
  expect(workshop.left()).toEqual(nothingLeft);
});

test('a cluster of that name which no run has made is not touched', async ({ workshop }) => {
  workshop.world.add('containers', 'alp-current-control-plane', { cluster: 'alp-current', network: 'kind' });
  expect(await workshop.conformance('--keep')).toEqual({
    status: 3,
    stdout: '',
    stderr:
      'There is a kind cluster alp-current that no run of this checkout has made: `kind delete cluster --name alp-current` deletes it.',
  });
  expect(workshop.world.names('containers')).toEqual(['alp-current-control-plane']);
});

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pollFor } from '../../../fixtures/cluster/wait.ts';
import { expect, nothingLeft, test, type Workshop } from '../fixture.ts';
import { calicoManifests, deployment, documents } from '../manifests.ts';
import type { Behaviour } from '../stand-ins/world.ts';

// Processes take seconds to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

async function until(what: string, holds: () => boolean): Promise<void> {
  await pollFor(async () => holds(), { intervalMs: 20, timeoutMs: 90_000, what });
}

/** Kills the run, without a chance to clean up, once a stand-in hangs. */
async function killWhileHanging(workshop: Workshop, ...behaviours: Behaviour[]): Promise<void> {
  workshop.world.behave(...behaviours);
  const run = workshop.start('conformance', '--target', 'kind', '--requirement', 'HTTP-01');
  await until('a stand-in to hang', () => workshop.world.hanging !== undefined);
  run.kill('SIGKILL');
  await run;
  workshop.world.behave();
}

async function expectDownToTidyUp(workshop: Workshop): Promise<void> {
  const { status, stdout, stderr } = await workshop.down();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^Cluster alp-\w+\n {2}It is deleted, with its network and its files\.$/);
  expect(workshop.left()).toEqual(nothingLeft);
  expect(workshop.files()).toEqual([]);
  expect(workshop.runs()).toEqual([]);
}

test('killed while the node image is loaded, a run has made nothing', async ({ workshop }) => {
  await killWhileHanging(workshop, { program: 'docker', when: 'pull', hangs: true });
  const { status, stdout } = await workshop.down();
  process.kill(workshop.world.hanging as number);
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'There is nothing to put back.' });
  expect(workshop.files()).toEqual([]);
});

test('killed before the first node is there, `down` ends what would still make it', async ({ workshop }) => {
  await killWhileHanging(workshop, { program: 'kind', when: 'create cluster', hangs: true });
  await expectDownToTidyUp(workshop);
});

test('killed with half a cluster, `down` deletes it, also when kind is gone', async ({ workshop }) => {
  await killWhileHanging(workshop, { program: 'kind', when: 'create cluster', after: true, hangs: true });
  expect(workshop.left()).not.toEqual(nothingLeft);
  workshop.without('kind');
  await expectDownToTidyUp(workshop);
});

test('killed while images are loaded, `down` ends that too', async ({ workshop }) => {
  const bundle = join(workshop.folder, 'bundle');
  workshop.bundle(bundle);
  workshop.world.behave({ program: 'kind', when: 'load image-archive', hangs: true });
  const run = workshop.start('conformance', '--target', 'kind', '--bundle', bundle);
  await until('a stand-in to hang', () => workshop.world.hanging !== undefined);
  run.kill('SIGKILL');
  await run;
  await expectDownToTidyUp(workshop);
});

test('killed while Istio is installed, `down` deletes the cluster', async ({ workshop, mesh: _ }) => {
  await killWhileHanging(workshop, { program: 'istioctl', when: 'install', hangs: true });
  await expectDownToTidyUp(workshop);
});

test('killed while it deletes what could not be made, `down` goes on with it', async ({ workshop }) => {
  await killWhileHanging(
    workshop,
    { program: 'kind', when: 'create cluster', after: true, fails: { status: 1, saying: 'ERROR' } },
    { program: 'kind', when: 'delete cluster', hangs: true },
  );
  const { status } = await workshop.down();
  expect(status).toBe(0);
  expect(workshop.left()).toEqual(nothingLeft);
  // The logs were had before, and are for a person.
  expect(workshop.files()).toEqual([expect.stringContaining('kind-logs')]);
});

test('killed while it judges, `down` deletes the cluster and calls the run done', async ({
  workshop,
  mesh: _,
}) => {
  const run = workshop.start('conformance', '--target', 'kind', '--requirement', 'HTTP-01');
  const runs = join(workshop.folder, '.state', 'runs');
  const written = () =>
    existsSync(runs) && readdirSync(runs).some((id) => existsSync(join(runs, id, 'run.json')));
  await until('the run to begin', written);
  run.kill('SIGKILL');
  await run;
  const first = await workshop.down();
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(first.stdout).toMatch(/Its cluster is gone, and all that was done to it\.$/);
  expect(workshop.left()).toEqual(nothingLeft);
  expect(workshop.files().filter((file) => /kubeconfig|kind/.test(file))).toEqual([]);
  expect(await workshop.down()).toMatchObject({ status: 0, stdout: 'There is nothing to put back.' });
});

test('a run that goes on is left alone by `down`', async ({ workshop }) => {
  workshop.world.behave({ program: 'kind', when: 'create cluster', hangs: true });
  const run = workshop.start('conformance', '--target', 'kind');
  await until('a stand-in to hang', () => workshop.world.hanging !== undefined);
  const { status, stdout } = await workshop.down();
  expect(status).toBe(3);
  expect(stdout).toContain(
    `is still going on (process ${run.pid}); stop it with Ctrl-C, and it deletes its cluster.`,
  );
  run.kill('SIGINT');
  await run;
});

test('Ctrl-C ends what is under way and deletes what there is', async ({ workshop }) => {
  workshop.world.behave({ program: 'kind', when: 'create cluster', after: true, hangs: true });
  const run = workshop.start('conformance', '--target', 'kind');
  await until('a stand-in to hang', () => workshop.world.hanging !== undefined);
  run.kill('SIGINT');
  const { exitCode, stderr } = await run;
  expect({ exitCode, stderr }).toEqual({
    exitCode: 130,
    stderr: '\nStopping (Ctrl-C again stops at once) ...\nInterrupted.',
  });
  expect(workshop.left()).toEqual(nothingLeft);
  expect(workshop.files()).toEqual([]);
});

/** Adds to Calico a pod that never starts, and starts a run that waits for it; whose process must not be awaited yet. */
async function waitingForCalico(workshop: Workshop) {
  const path = 'manifests/calico-v3-crds.yaml';
  const env = [{ name: 'NEVER', valueFrom: { configMapKeyRef: { name: 'never', key: 'never' } } }];
  const never = deployment('calico-never', 'quay.io/calico/typha:v3.32.1', { env });
  workshop.bring(path, `${calicoManifests[path]}---\n${documents([never])}`);
  const run = workshop.start('conformance', '--target', 'kind');
  let told = '';
  run.stdout.on('data', (chunk: Buffer) => {
    told += chunk;
  });
  await until(
    'all else to be done',
    () => / done +Istio\n/.test(told) && / done +Online Boutique\n/.test(told),
  );
  return { run };
}

test('Ctrl-C while Calico comes up does not wait for it', async ({ workshop, mesh: _ }) => {
  const { run } = await waitingForCalico(workshop);
  run.kill('SIGINT');
  const { exitCode } = await run;
  expect(exitCode).toBe(130);
  expect(workshop.left()).toEqual(nothingLeft);
  expect(workshop.files()).toEqual([]);
});

test('killed while Calico comes up, `down` deletes the cluster', async ({ workshop, mesh: _ }) => {
  const { run } = await waitingForCalico(workshop);
  run.kill('SIGKILL');
  await run;
  await expectDownToTidyUp(workshop);
});

/** As a run tells them, when they are done. */
const steps = [
  'Node image',
  'Cluster',
  "Calico's images",
  "The mesh's images",
  'Calico: applied',
  'Nodes ready',
  'Calico: ready',
  'Cluster DNS',
  'Istio',
  'Online Boutique',
  'Permissions of the run',
];

test('no step is left out below', async ({ workshop, mesh: _ }) => {
  const { stdout } = await workshop.conformance('--requirement', 'HTTP-01');
  const told = stdout.split('\n').flatMap((line) => /^ *[\d.]+ s {2}done {8}(.+)$/.exec(line)?.[1] ?? []);
  const made = told.filter((title) => title !== 'The front end before it is restarted');
  expect(made.sort()).toEqual([...steps].sort());
});

for (const step of steps) {
  test(`killed right after "${step}", a run leaves nothing that \`down\` does not delete`, async ({
    workshop,
    mesh: _,
  }) => {
    const run = workshop.start('conformance', '--target', 'kind', '--requirement', 'HTTP-01');
    let told = '';
    for await (const chunk of run.stdout) {
      told += chunk;
      if (!told.includes(`done        ${step}\n`)) continue;
      run.kill('SIGKILL');
      break;
    }
    await run;
    expect(told, 'what the run told').toContain(step);
    const { status, stderr } = await workshop.down();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(workshop.left()).toEqual(nothingLeft);
    expect(workshop.files().filter((file) => !/run\.json|journal|facts/.test(file))).toEqual([]);
  });
}

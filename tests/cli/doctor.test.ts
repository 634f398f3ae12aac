import { expect } from '@playwright/test';
import { writeKubeconfig } from '../../reference/api/kubeconfig.ts';
import { startMesh } from '../../reference/mesh.ts';
import { test } from './fixture.ts';
import { allow, changes, paths, refuseEverything, remove } from './sound-cluster.ts';

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

/** The screen without its line breaks, which depend on the terminal. */
const flat = (screen: string) => screen.replaceAll(/\s+/g, ' ');
const marked = (screen: string, mark: string) =>
  screen.split('\n').filter((line) => line.startsWith(`  ${mark} `));

test('without docker, the machine is unfit for a kind cluster, and the rest is told all the same', async ({
  suite,
}) => {
  const { status, stdout, stderr } = await suite.run('doctor');
  expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
  expect(stdout).toMatch(/^This machine, for a kind cluster: lane current, Kubernetes v1\.34\.3, /);
  expect(marked(stdout, '✗')).toEqual(['  ✗ There is no docker on your PATH']);
  expect(stdout).toContain('\n    → install Docker, which the nodes run in\n');
  expect(flat(stdout)).toContain('! kind v0.33.0 will be downloaded →');
  expect(flat(stdout)).toContain('! There is no Chrome or Chromium,');
  expect(stdout.split('\n').at(-1)).toBe('1 thing is missing; see to what is marked ✗, then: npm run doctor');
  expect(suite.hasState()).toBe(false);
});

test('the reference mesh is fit, and what comes next is a run on it; without a part it is not', async ({
  suite,
}, info) => {
  const mesh = await startMesh();
  const kubeconfig = info.outputPath('mesh');
  writeKubeconfig(kubeconfig, mesh.api, 'reference');
  const args = ['--kubeconfig', kubeconfig, '--context', 'reference'];
  const before = mesh.store.revision;
  const fit = await suite.run('doctor', ...args);
  const after = mesh.store.revision;
  const driver = mesh.store.typeOf('storage.k8s.io/v1', 'CSIDriver')!;
  mesh.operations.delete(driver, 'csi.tigera.io', undefined);
  const unfit = await suite.run('doctor', ...args);
  await mesh.shut();

  expect(fit).toMatchObject({ status: 0, stderr: '' });
  expect(marked(fit.stdout, '✗')).toEqual([]);
  expect(fit.stdout).toMatch(/^This machine\n {2}✓ Node /);
  expect(fit.stdout).toContain('\nThe cluster of context reference (https://127.0.0.1:');
  expect(fit.stdout, 'a machine that need not make a cluster needs no Docker').not.toContain('Docker');
  expect(fit.stdout.split('\n').at(-1)).toBe(
    `fit, next: npm run conformance -- --target existing ${args.join(' ')}`,
  );
  expect(after, 'nothing was stored').toBe(before);

  expect(unfit).toMatchObject({ status: 3, stderr: '' });
  expect(flat(unfit.stdout)).toContain(
    "✗ The cluster has no CSI driver csi.tigera.io, which brings Felix's socket to Dikastes → apply Calico's manifests/csi-driver.yaml, or let the operator install it",
  );
  expect(unfit.stdout.split('\n').at(-1)).toMatch(
    /^\d+ things? (is|are) missing; .+: npm run doctor -- --kubeconfig /,
  );
});

test('a look that is refused is a finding, and the others are told', async ({ suite, sound, kubeconfig }) => {
  sound.on('GET', paths.csiDriver, (_, answer) =>
    answer.refuse(
      403,
      'Forbidden',
      'User "x" cannot get resource "csidrivers" in API group "storage.k8s.io"',
    ),
  );
  sound.on('GET', paths.lease, (_, answer) => answer.refuse(500, 'InternalError', 'etcd is gone'));
  const { status, stdout } = await suite.run('doctor', ...on(kubeconfig));
  expect(status).toBe(3);
  expect(marked(stdout, '✗')).toHaveLength(2);
  expect(flat(stdout)).toMatch(
    /✗ The user of context "test" may not get csidrivers\.storage\.k8s\.io csi\.tigera\.io: .+ Grant it, or use another context /,
  );
  expect(flat(stdout)).toMatch(
    /✗ It could not be seen how it is with other runs \(etcd is gone .+\) → find out why the API server answers so/,
  );
  expect(stdout).toContain('✓ Calico is of release v3.32.1');
  expect(changes(sound)).toEqual([]);
});

test('where the whole picture is refused that is told once, and what can be seen without it', async ({
  suite,
  sound,
  kubeconfig,
}) => {
  sound.on('GET', paths.kubeSystem, (_, answer) =>
    answer.refuse(403, 'Forbidden', 'User "x" cannot get resource "namespaces" in API group ""'),
  );
  remove(sound, paths.csiDriver);
  const { status, stdout } = await suite.run('doctor', ...on(kubeconfig));
  expect(status).toBe(3);
  expect(flat(stdout).match(/may not get namespaces kube-system/g)).toHaveLength(1);
  expect(flat(stdout)).toContain('✗ The cluster has no CSI driver');
  expect(stdout, 'who is refused something is not told that they may').not.toContain('✓ This context may');
});

test('where the whole picture is refused for want of rights, all of them are told, and what to apply', async ({
  suite,
  sound,
  kubeconfig,
}) => {
  sound.on('GET', paths.kubeSystem, (_, answer) => answer.refuse(403, 'Forbidden', 'no'));
  allow(sound, ({ resource }) => resource !== '*' && resource !== 'namespaces' && resource !== 'jobs');
  const { status, stdout } = await suite.run('doctor', ...on(kubeconfig));
  expect(status).toBe(3);
  expect(marked(stdout, '✗')).toHaveLength(1);
  expect(flat(stdout)).toMatch(
    /✗ This context may not get, list, watch, create, patch and delete namespaces; get, list, watch, create, patch and delete jobs\.batch once → have an administrator apply scripts\/permissions\/alp-conformance\.yaml /,
  );
});

test('a cluster that does not know who is asking, or is not reached, is one line beside the machine', async ({
  suite,
  sound,
  kubeconfig,
}) => {
  refuseEverything(sound, 401, 'Unauthorized', 'Unauthorized');
  const unknown = await suite.run('doctor', ...on(kubeconfig));
  expect(unknown).toMatchObject({ status: 3, stderr: '' });
  expect(marked(unknown.stdout, '✗')).toEqual([
    expect.stringMatching(/The cluster does not accept the credentials of context "test"/),
  ]);
  await sound.stop();
  const gone = await suite.run('doctor', ...on(kubeconfig));
  expect(gone).toMatchObject({ status: 3, stderr: '' });
  expect(gone.stdout).toMatch(/^This machine\n {2}✓ Node /);
  expect(marked(gone.stdout, '✗')).toEqual([expect.stringMatching(/Cannot reach the cluster at https?:/)]);
});

test('wrong usage is one sentence with status 2, and nothing else', async ({ suite, kubeconfig }) => {
  const wrong: [args: string[], sentence: RegExp][] = [
    [['--frobnicate'], /^unknown option '--frobnicate' \(see --help\)$/],
    [['--lane', 'newest'], /^There is no lane newest: take one of seed, /],
    [['--node-image', 'kindest/node:v1.30.4'], /^Lane current: Calico 3\.32 is tested with Kubernetes /],
    [['--context', 'prod', '--kubeconfig', kubeconfig], /^There is no usable context "prod" in /],
    [['--browser', 'no-such-file'], /^--browser .+ is not an executable file\.$/],
  ];
  for (const [args, sentence] of wrong) {
    const { status, stdout, stderr } = await suite.run('doctor', ...args);
    expect({ status, stdout }, args.join(' ')).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('\n');
  }
  const help = await suite.run('doctor', '--help');
  expect(help).toMatchObject({ status: 0, stderr: '' });
  expect(help.stdout).toMatch(/^Usage: npm run doctor -- /);
});

function on(kubeconfig: string): string[] {
  return ['--kubeconfig', kubeconfig, '--context', 'test'];
}

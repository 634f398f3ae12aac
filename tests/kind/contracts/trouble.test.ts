import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, nothingLeft, test, type Workshop } from '../fixture.ts';
import { calicoManifests, deployment, documents } from '../manifests.ts';

// Processes take seconds to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

/** What refuses to begin makes nothing, and leaves nothing. */
function expectUntouched(workshop: Workshop): void {
  expect(workshop.left()).toEqual(nothingLeft);
  expect(workshop.files()).toEqual([]);
  expect(workshop.world.calls().filter((call) => /^kind (create|load|delete)/.test(call))).toEqual([]);
}

test('without docker, one sentence says what to do', async ({ workshop }) => {
  workshop.without('docker');
  expect(await workshop.conformance()).toEqual({
    status: 3,
    stdout: '',
    stderr: 'There is no docker on your PATH: install Docker, which the nodes run in.',
  });
  expectUntouched(workshop);
});

test('an ingress port that is taken is named', async ({ workshop }) => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  const { status, stderr } = await workshop.conformance('--ingress', `http://127.0.0.1:${port}`);
  await new Promise((closed) => server.close(closed));
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: `Something listens on 127.0.0.1:${port} already: name another address with --ingress, or leave it out for a free port.`,
  });
  expectUntouched(workshop);
});

test('versions that do not go together are wrong usage, with the nearest that do', async ({ workshop }) => {
  const { status, stdout, stderr } = await workshop.conformance('--node-image', 'kindest/node:v1.30.4');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toBe(
    'Lane current: Calico 3.32 is tested with Kubernetes 1.34 to 1.36, and not 1.30; nearest that go together: Kubernetes 1.30, Calico 3.29, Istio 1.28.',
  );
  expectUntouched(workshop);
});

test('a manifest that is not the pinned one is refused', async ({ workshop }) => {
  const cache = join(workshop.folder, '.cache');
  for (const name of readdirSync(cache)) writeFileSync(join(cache, name), 'kind: Surprise\n');
  const { status, stderr } = await workshop.conformance();
  expect(status).toBe(3);
  expect(stderr).toMatch(
    / has SHA-256 [0-9a-f]{64}, but [0-9a-f]{64} is pinned in versions\.yaml; delete that file, and it is downloaded again\.$/,
  );
  expectUntouched(workshop);
});

test('a bundle that is none, and one that was not finished, are refused', async ({ workshop }) => {
  const folder = join(workshop.folder, 'bundle');
  mkdirSync(folder, { recursive: true });
  const none = await workshop.conformance('--bundle', folder);
  expect(none).toMatchObject({ status: 3, stdout: '' });
  expect(none.stderr).toMatch(/^There is no bundle in /);
  writeFileSync(join(folder, 'UNFINISHED'), '');
  const unfinished = await workshop.conformance('--bundle', folder);
  expect(unfinished).toMatchObject({ status: 3, stdout: '' });
  expect(unfinished.stderr).toMatch(/^The bundle in .* was not finished; run `npm run bundle` again\.$/);
  expectUntouched(workshop);
});

test('a kind that cannot be had is named, with what to do', async ({ workshop }) => {
  workshop.edit((versions) => versions.setIn(['lanes', 'current', 'kind'], 'v0.99.0'));
  const given = await workshop.conformance('--kind', join(workshop.folder, 'bin', 'kind'));
  expect(given).toMatchObject({ status: 2, stdout: '' });
  expect(given.stderr).toMatch(
    /^--kind .* is v0\.33\.0, and the lane has v0\.99\.0: leave it out, or name another lane\.$/,
  );
  expectUntouched(workshop);
});

test('a node image that cannot be had is named, with what its registry said', async ({ workshop }) => {
  workshop.world.behave({
    program: 'docker',
    when: 'pull',
    fails: { status: 1, saying: 'Error response from daemon: manifest unknown' },
  });
  const { status, stderr } = await workshop.conformance();
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: [
      'The node image kindest/node:v1.34.3 cannot be had: docker pull failed (status 1): Error response from daemon: manifest unknown',
      'Log in to its registry, name a registry that has it with --registry, or bring it along with --bundle.',
    ].join('\n'),
  });
  expectUntouched(workshop);
});

test('a cluster that could not be made leaves the logs of its nodes, and nothing else', async ({
  workshop,
}) => {
  workshop.world.behave({
    program: 'kind',
    when: 'create cluster',
    after: true,
    fails: { status: 1, saying: 'ERROR: failed to create cluster: failed to init node with kubeadm' },
  });
  const { status, stderr } = await workshop.conformance();
  expect(status).toBe(3);
  expect(stderr).toMatch(
    /^Cluster alp-\w+ could not be made\. kind create cluster failed \(status 1\): .*kubeadm\nThe logs of its nodes are in .*\/kind-logs\.$/,
  );
  expect(workshop.left()).toEqual(nothingLeft);
  expect(workshop.files()).toEqual([expect.stringMatching(/^runs\/\w+\/kind-logs\/kubelet\.log$/)]);
});

test('a port that is taken in the moment the cluster is made is named', async ({ workshop }) => {
  workshop.world.behave({
    program: 'kind',
    when: 'create cluster',
    fails: {
      status: 1,
      saying: [
        'ERROR: failed to create cluster: command "docker run" failed with error: exit status 125',
        'Command Output: docker: Error response from daemon: Bind for 127.0.0.1:30080 failed: port is already allocated.',
      ].join('\n'),
    },
  });
  const { status, stderr } = await workshop.conformance();
  expect(status).toBe(3);
  expect(stderr).toMatch(
    /^Something took http:\/\/127\.0\.0\.1:\d+ in the moment the cluster was made: try again, or name another address with --ingress\.$/,
  );
  expect(workshop.left()).toEqual(nothingLeft);
  expect(workshop.files()).toEqual([]);
});

test('an istioctl that fails takes the cluster along, with what it said', async ({ workshop, mesh: _ }) => {
  workshop.world.behave({
    program: 'istioctl',
    when: 'install',
    fails: { status: 1, saying: 'Error: failed to install manifests: timed out' },
  });
  const { status, stderr } = await workshop.conformance();
  expect(status).toBe(3);
  expect(stderr).toMatch(
    /^Cluster alp-\w+ could not be made\. istioctl install failed \(status 1\): Error: failed to install manifests: timed out\n/,
  );
  expect(workshop.left()).toEqual(nothingLeft);
});

test("an image that a pod cannot have is named with the pod's words", async ({ workshop, mesh: _ }) => {
  const path = 'manifests/calico-v3-crds.yaml';
  const missing = deployment('calico-extra', 'quay.io/calico/no-such-image:v3.32.1');
  workshop.bring(path, `${calicoManifests[path]}---\n${documents([missing])}`);
  const { status, stderr } = await workshop.conformance();
  expect(status).toBe(3);
  expect(stderr).toMatch(
    /^Cluster alp-\w+ could not be made\. Gave up waiting for the rollout of Deployment kube-system\/calico-extra: .*ErrImagePull/,
  );
  expect(workshop.left()).toEqual(nothingLeft);
});

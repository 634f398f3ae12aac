import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { expect, nothingLeft, test } from '../fixture.ts';

// Processes take seconds to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

test('a bundle has everything: its programs, its manifests, and its images, of which none is pulled', async ({
  workshop,
  mesh: _,
}) => {
  const bundle = join(workshop.folder, 'bundle');
  workshop.bundle(bundle);
  workshop.without('kind');
  workshop.without('istioctl');
  workshop.world.behave({ program: 'docker', when: 'pull', fails: { status: 1, saying: 'no network' } });
  // Nothing can be judged for want of a browser, so that the run ends as soon as its cluster is there.
  const { status, stdout, stderr } = await workshop.conformance(
    '--bundle',
    bundle,
    '--requirement',
    'HTTP-20',
  );
  expect({ status, stderr }, stdout).toEqual({
    status: 3,
    stderr: expect.stringMatching(/^Nothing that was asked for can be judged here/),
  });
  const images = join(bundle, 'images');
  const calls = workshop.world
    .calls()
    .filter((call) => /^(docker load|kind (create|load)|istioctl install)/.test(call))
    .map((call) => call.replace(/ --(name|config|kubeconfig|set|context) .*/, ''));
  expect(calls).toEqual([
    `docker load --quiet --input ${join(images, 'node.tar')}`,
    'kind create cluster',
    `kind load image-archive ${join(images, 'calico.tar')}`,
    `kind load image-archive ${join(images, 'pilot.tar')} ${join(images, 'agent.tar')}`,
    'istioctl install -y',
  ]);
  expect(workshop.left()).toEqual(nothingLeft);
  expect(workshop.files()).toEqual([]);
});

test('what has run although the bundle does not hold it is told', async ({ workshop, mesh: _ }, info) => {
  const bundle = join(workshop.folder, 'bundle');
  workshop.bundle(bundle);
  const output = info.outputPath('report');
  const { status, stdout } = await workshop.conformance(
    ...['--bundle', bundle, '--requirement', 'HTTP-01', '--output', output],
  );
  expect(status, stdout).toBe(0);
  const { cluster } = parse(readFileSync(join(output, 'report.yaml'), 'utf8'));
  // The stand-in for a bundle has next to nothing of what the mesh behind it runs.
  expect(cluster.notes).toContainEqual(
    expect.stringMatching(/^default\/cartservice-\S+ ran \S+cartservice\S+, which is not in the bundle: /),
  );
  expect(cluster.notes.join(), 'what is in the bundle').not.toMatch(/ ran docker\.io\/istio\/pilot:/);
});

test('an image that is named beside a bundle must be in it', async ({ workshop }) => {
  const bundle = join(workshop.folder, 'bundle');
  workshop.bundle(bundle);
  expect(await workshop.conformance('--bundle', bundle, '--agent-image', 'mine.example/node:24')).toEqual({
    status: 2,
    stdout: '',
    stderr: `The image mine.example/node:24 is not in the bundle ${bundle}: leave it out, or give \`npm run bundle\` the same option.`,
  });
  expect(workshop.files()).toEqual([]);
});

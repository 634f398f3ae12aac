import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { cacheManifests } from '../../scripts/bundle/cache-manifests.ts';
import { readBundle } from '../../scripts/bundle/read-bundle.ts';
import { sha256 } from '../../scripts/downloads/sha256.ts';
import { laneNamed } from '../../scripts/lanes/lane.ts';
import { parseVersions } from '../../scripts/lanes/versions-file.ts';
import { nodeDigest, test, type Workshop, workloadImages } from './workshop.ts';

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

const node = 'docker.io/kindest/node:v1.34.3';

function lane({ suite }: Workshop) {
  return laneNamed('current', parseVersions(readFileSync(join(suite, 'versions.yaml'), 'utf8')));
}

test('pulls and saves every image under its tag, and says what is in the bundle', async ({ workshop }) => {
  const { status, stdout, stderr } = await workshop.bundle();
  expect(stderr).not.toContain('Error');
  expect(stdout).toContain(`npm run conformance -- --target kind --lane current --bundle ${workshop.output}`);
  expect(status).toBe(0);

  const saved = (image: string) =>
    `save --output ${workshop.output}/images/${image.replaceAll(/[:/]/g, '_')}.tar ${image}`;
  expect(workshop.dockerCalls()).toEqual([
    `pull --quiet kindest/node:v1.34.3@${nodeDigest}`,
    `tag docker.io/kindest/node@${nodeDigest} ${node}`,
    saved(node),
    ...workloadImages.flatMap((image) => [`pull --quiet ${image}`, saved(image)]),
  ]);

  const bundle = await readBundle(workshop.output, lane(workshop));
  expect(bundle.node).toEqual({
    image: node,
    archive: join(workshop.output, 'images/docker.io_kindest_node_v1.34.3.tar'),
  });
  expect(bundle.archives.map(({ images }) => images)).toEqual(workloadImages.map((image) => [image]));
  expect(readFileSync(bundle.archives[0]!.archive, 'utf8')).toBe(`archive of ${workloadImages[0]}`);
  expect(bundle.agent).toBe('docker.io/library/node:24-alpine');
  expect(readFileSync(bundle.manifest('manifests/csi-driver.yaml')!, 'utf8')).toContain('csi-node-driver');
  expect(bundle.manifest('manifests/calico.yaml')).toBeUndefined();
  expect(readFileSync(bundle.tool('kind')!, 'utf8')).toContain('kind v0.33.0');
  expect(readFileSync(bundle.boutique, 'utf8')).toContain('redis');
});

test('takes images from archives at hand, each archive once, and needs no docker then', async ({
  workshop,
}) => {
  workshop.withoutDocker();
  const [first, second, ...others] = workloadImages;
  await workshop.archive('two.tar', [first!, second!]);
  await workshop.archive('node.tar', ['kindest/node:v1.34.3']);
  for (const [index, image] of others.entries()) await workshop.archive(`${index}.tar`, [image]);
  writeFileSync(join(workshop.output, '..', 'archives', 'not-one.tar'), 'text');
  await workshop.archiveOf('extension.tar', { 'manifest.json': '{ "name": "of a browser extension" }' });
  await workshop.archiveOf('other.tar', { 'manifest.json': 'no JSON' });
  expect(await workshop.bundle('--from-archives', 'archives')).toMatchObject({ status: 0 });

  const bundle = await readBundle(workshop.output, lane(workshop));
  expect(bundle.archives.map(({ images }) => images)).toEqual([
    [first, second],
    ...others.map((image) => [image]),
  ]);
  expect(readFileSync(bundle.node.archive).toString()).toContain('kindest/node:v1.34.3');
});

test('pulls only what no archive holds', async ({ workshop }) => {
  const [pulled, ...held] = workloadImages;
  await workshop.archive('all.tar', ['kindest/node:v1.34.3', ...held]);
  expect(await workshop.bundle('--from-archives', 'archives')).toMatchObject({ status: 0 });
  expect(workshop.dockerCalls()).toEqual([
    `pull --quiet ${pulled}`,
    expect.stringMatching(/^save .*pilot_1\.28\.10\.tar /),
  ]);
});

test('pulls from a mirror, and saves under the names that manifests use', async ({ workshop }) => {
  expect(await workshop.bundle('--registry', 'mirror.test:5000')).toMatchObject({ status: 0 });
  const calls = workshop.dockerCalls();
  expect(calls.slice(0, 2)).toEqual([
    `pull --quiet mirror.test:5000/kindest/node:v1.34.3@${nodeDigest}`,
    `tag mirror.test:5000/kindest/node@${nodeDigest} ${node}`,
  ]);
  const image = 'docker.io/library/redis:alpine';
  expect(calls).toContain(`tag mirror.test:5000/library/redis:alpine ${image}`);
  expect(calls).toContainEqual(expect.stringMatching(new RegExp(`^save .* ${image}$`)));
});

test('a mirror may be told of as a run is told of it', async ({ workshop }) => {
  expect(await workshop.bundle('--registry', 'http://mirror.test:5000/')).toMatchObject({ status: 0 });
  expect(workshop.dockerCalls()).toContain('pull --quiet mirror.test:5000/library/redis:alpine');
});

test('takes other nodes of the same line of Kubernetes, another agent and another Dikastes', async ({
  workshop,
}) => {
  const { status } = await workshop.bundle(
    ...['--node-image', 'kindest/node:v1.34.9'],
    ...['--agent-image', 'own.test/node:24'],
    ...['--dikastes-image', 'own.test/dikastes:mended'],
  );
  expect(status).toBe(0);
  const bundle = await readBundle(workshop.output, lane(workshop));
  expect(bundle.lane).toMatchObject({ kubernetes: 'v1.34.9', node: 'docker.io/kindest/node:v1.34.9' });
  expect(bundle.agent).toBe('own.test/node:24');
  expect(workshop.dockerCalls()).toContain('pull --quiet own.test/node:24');
  const held = bundle.archives.flatMap(({ images }) => images);
  expect(held).toContain('own.test/dikastes:mended');
  expect(held, 'for runs that name none').toContain('quay.io/calico/dikastes:v3.32.1');
});

test('is made again over an earlier one, of which nothing is left', async ({ workshop }) => {
  expect(await workshop.bundle()).toMatchObject({ status: 0 });
  writeFileSync(join(workshop.output, 'images', 'old.tar'), 'old');
  expect(await workshop.bundle()).toMatchObject({ status: 0 });
  expect(readdirSync(join(workshop.output, 'images'))).toHaveLength(workloadImages.length + 1);
  expect(readdirSync(workshop.output).sort()).toEqual(['bundle.yaml', 'images', 'manifests', 'tools']);
});

const troubles: [what: string, trouble: (workshop: Workshop) => void, sentence: RegExp][] = [
  [
    'there is no docker',
    (workshop) => workshop.withoutDocker(),
    /Images cannot be pulled: there is no docker on your PATH: install it, or give archives of them with --from-archives\.$/,
  ],
  [
    'docker does not answer',
    (workshop) => workshop.dockerFails('info', 'Cannot connect to the Docker daemon.'),
    /Images cannot be pulled: Docker does not answer \(Cannot connect to the Docker daemon\.\): start it, or give /,
  ],
  [
    'images cannot be had, all of which are named',
    (workshop) => workshop.dockerFails('pull --quiet quay.io/calico/', 'manifest unknown'),
    /Images could not be had: quay\.io\/calico\/csi:v3\.32\.1: docker pull failed \(status 1\): first line manifest unknown; quay\.io\/calico\/dikastes:v3\.32\.1: .+ unknown; quay\.io\/calico\/node:v3\.32\.1: .+ manifest unknown\. Look for a way/,
  ],
  [
    'there is no room for an archive',
    (workshop) => workshop.dockerFails('save', 'no space left on device'),
    /Images could not be had: .*: docker save failed \(status 1\): .*no space left on device/,
  ],
  [
    'a manifest is not the pinned one',
    ({ suite }) => {
      const pinned = readFileSync(join(suite, 'versions.yaml'), 'utf8').match(/sha256: ([0-9a-f]{64})/)![1]!;
      mkdirSync(join(suite, '.cache'));
      writeFileSync(join(suite, '.cache', pinned), 'changed');
    },
    /Online Boutique v0\.10\.6 from .* has SHA-256 .*, but .* is pinned in versions\.yaml; delete that file, and it is downloaded again\.$/,
  ],
];

for (const [what, trouble, sentence] of troubles) {
  test(`ends with 3 and no bundle when ${what}`, async ({ workshop }) => {
    trouble(workshop);
    const given = /manifest is not/.test(what) ? ['--manifests', onlyCalico(workshop)] : [];
    const { status, stderr } = await workshop.bundle(...given);
    expect(stderr.trim()).toMatch(sentence);
    expect(status).toBe(3);
    await expect(readBundle(workshop.output, lane(workshop))).rejects.toThrow(
      `The bundle in ${workshop.output} was not finished; run \`npm run bundle\` again.`,
    );
  });
}

/** A folder of manifests in which the shop's is missing. */
function onlyCalico({ output }: Workshop): string {
  const folder = join(output, '..', 'calico-only');
  mkdirSync(folder);
  const given = join(output, '..', 'given');
  for (const name of readdirSync(given).filter((name) => name.startsWith('manifests'))) {
    writeFileSync(join(folder, name), readFileSync(join(given, name)));
  }
  return folder;
}

test('names what no archive holds, and the nodes that are at hand instead', async ({ workshop }) => {
  workshop.withoutDocker();
  await workshop.archive('all.tar', ['kindest/node:v1.34.9', ...workloadImages.slice(1)]);
  const { status, stderr } = await workshop.bundle('--from-archives', 'archives');
  expect(status).toBe(3);
  expect(stderr).toContain(
    `No archive holds kindest/node:v1.34.3@${nodeDigest}, ${workloadImages[0]}, and there is no docker on your PATH: install it, or add archives of them. An archive holds docker.io/kindest/node:v1.34.9, which --node-image takes.`,
  );
});

test('interrupted, it ends with 130 and leaves no bundle', async ({ workshop }) => {
  workshop.dockerHangs('pull --quiet docker.io/istio/pilot');
  const running = workshop.start();
  await new Promise<void>((resolve) => {
    running.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('pulling docker.io/istio/pilot')) resolve();
    });
  });
  running.kill('SIGINT');
  const { exitCode, stderr } = await running;
  expect(exitCode).toBe(130);
  expect(stderr).toContain('Interrupted.');
  await expect(readBundle(workshop.output, lane(workshop))).rejects.toThrow(/was not finished/);
  expect(existsSync(join(workshop.output, 'bundle.yaml'))).toBe(false);
});

test('a folder that holds something else is left alone', async ({ workshop }) => {
  mkdirSync(workshop.output);
  writeFileSync(join(workshop.output, 'letters.txt'), 'dear');
  const { status, stderr } = await workshop.bundle();
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: `${workshop.output} is not empty and holds no bundle; name a new folder.`,
  });
  expect(readdirSync(workshop.output)).toEqual(['letters.txt']);
});

test('what no folder can be made of is named', async ({ workshop }) => {
  writeFileSync(workshop.output, 'dear');
  const { status, stderr } = await workshop.bundle();
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: `${workshop.output} is no folder that a bundle can be written to (EEXIST); name another one.`,
  });
  expect(readFileSync(workshop.output, 'utf8')).toBe('dear');
});

const wrong: [what: string, args: string[], sentence: RegExp][] = [
  ['an unknown lane', ['--lane', 'newest'], /^There is no lane newest: take one of /],
  [
    'a registry that is none',
    ['--registry', 'mirror.test/with/path'],
    /It must be like registry\.example:5000/,
  ],
  ['an unknown flag', ['--frobnicate'], /unknown option '--frobnicate'/],
  ['nodes without a version', ['--node-image', 'own.test/node'], /no tag that says its Kubernetes/],
  [
    'nodes that do not go together with the rest',
    ['--node-image', 'kindest/node:v1.25.3'],
    /^Lane current: Calico 3\.32 is tested with Kubernetes 1\.34 to 1\.36, and not 1\.25; nearest that go together: /,
  ],
];

for (const [what, args, sentence] of wrong) {
  test(`wrong usage, with nothing made: ${what}`, async ({ workshop }) => {
    const { status, stderr } = await workshop.bundle(...args);
    expect(stderr).toMatch(sentence);
    expect(status).toBe(2);
    expect(existsSync(workshop.output)).toBe(false);
    expect(workshop.dockerCalls()).toEqual([]);
  });
}

test("a bundle's manifests are found by whoever asks for a pinned file", async ({ workshop }, info) => {
  expect(await workshop.bundle()).toMatchObject({ status: 0 });
  const bundle = await readBundle(workshop.output, lane(workshop));
  const cache = info.outputPath('cache');
  cacheManifests(bundle, cache);
  const texts = readdirSync(cache).map((name) => [name, sha256(readFileSync(join(cache, name)))]);
  expect(texts).toHaveLength(3);
  for (const [name, digest] of texts) expect(name).toBe(digest);
});

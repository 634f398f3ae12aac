import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { lanes } from '../../scripts/lanes/command.ts';
import { placeOf } from '../../scripts/lanes/edit.ts';
import { versionsFile } from '../../scripts/lanes/versions-file.ts';

/** A copy of versions.yaml, and what differs from the original after a command. */
const test = base.extend<{
  run: (...argv: string[]) => ReturnType<typeof lanes>;
  changed: () => string[];
  put: (name: string) => string;
}>({
  run: async ({}, use, info) => {
    const file = info.outputPath('versions.yaml');
    copyFileSync(versionsFile, file);
    await use((...argv) => lanes(argv, { file, from: info.outputPath() }));
  },
  changed: async ({}, use, info) => {
    await use(() => {
      const before = new Set(readFileSync(versionsFile, 'utf8').split('\n'));
      const after = readFileSync(info.outputPath('versions.yaml'), 'utf8').split('\n');
      return after.filter((line) => !before.has(line)).map((line) => line.trim());
    });
  },
  put: async ({}, use, info) => {
    await use((name) => {
      const file = join(info.outputPath(), name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, 'abc');
      return name;
    });
  },
});

/** Of the text `abc` (FIPS 180-2, appendix B.1). */
const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

test('shows a lane with what of it is unpinned', async ({ run }) => {
  const { text, status } = await run('show', 'control');
  expect(status).toBe(0);
  expect(text).toContain('Kubernetes v1.34.3, Calico v3.31.7, Istio 1.28.10');
  expect(text).toContain('the suite must go red');
  expect(text).toMatch(/unpinned +kind v0\.33\.0 for /);
});

test('shows all lanes when none is named', async ({ run }) => {
  const { text } = await run();
  for (const name of ['seed', 'current', 'nftables']) expect(text).toMatch(new RegExp(`^${name}$`, 'm'));
});

test('checks lanes, and ends with 1 when one does not go together', async ({ run }, info) => {
  expect((await run('check')).status).toBe(0);
  const file = info.outputPath('versions.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('istio: 1.27.9', 'istio: 1.30.3'));
  const { text, status } = await run('check', 'current', 'previous');
  expect(status).toBe(0);
  writeFileSync(file, readFileSync(file, 'utf8').replace('calico: v3.29.7', 'calico: v3.28.5'));
  const unsound = await run('check', 'current', 'previous');
  expect(text).toContain('These versions go together.');
  expect(unsound.status).toBe(1);
  expect(unsound.text).toMatch(/^current +These versions go together\.$/m);
  expect(unsound.text).toMatch(/^previous +Calico 3\.28 is tested with Kubernetes 1\.27 to 1\.30/m);
});

test('changes a field, and nothing else in the file', async ({ run, changed }) => {
  const { text, status } = await run('set', 'current', 'calico', 'v3.32.0');
  expect(status).toBe(0);
  expect(text).toContain('Calico v3.32.0');
  expect(changed()).toEqual(['calico: v3.32.0']);
});

test('another Kubernetes takes the node image along, whose digest is not known', async ({ run, changed }) => {
  const { text } = await run('set', 'current', 'kubernetes', 'v1.34.4');
  expect(changed()).toEqual(['kubernetes: v1.34.4', 'node: kindest/node:v1.34.4']);
  expect(text).toMatch(/unpinned +kindest\/node:v1\.34\.4, /);
});

test('another node image takes its Kubernetes along', async ({ run, changed }) => {
  const node = `registry.test:5000/node:v1.34.9@sha256:${digest}`;
  await run('set', 'current', 'node', node);
  expect(changed()).toEqual(['kubernetes: v1.34.9', `node: ${node}`]);
});

const refused: [what: string, argv: string[], sentence: RegExp][] = [
  [
    'versions that do not go together',
    ['set', 'current', 'istio', '1.22.8'],
    /^Nothing was changed\. Istio 1\.22 supports Kubernetes 1\.27 to 1\.30, and not 1\.34; nearest that go together: /,
  ],
  [
    'a lane that is none',
    ['set', 'newest', 'istio', '1.28.10'],
    /^There is no lane newest: take one of seed, /,
  ],
  [
    'a field that is none',
    ['set', 'current', 'isto', '1.28.10'],
    /^A lane has no field isto: take one of kubernetes, /,
  ],
  [
    'a value that is none',
    ['set', 'current', 'api', 'crds'],
    /^Nothing was changed\. .*lanes\/current\/api: /,
  ],
  ['a field without a value', ['set', 'current', 'istio', '1.28.10', 'calico'], /^calico has no value/],
  ['nothing to set', ['set', 'current'], /missing required argument/],
  ['an unknown flag', ['check', '--frobnicate'], /unknown option '--frobnicate'/],
  ['a file that is not there', ['digest', 'absent.tar.gz'], /absent\.tar\.gz cannot be read: ENOENT/],
  [
    'a place that is none',
    ['digest', 'versions.yaml', '--as', 'tools/kubectl/v1/linux'],
    /is no place of a digest/,
  ],
  [
    'one place for two files',
    ['digest', 'a', 'b', '--as', 'tools/kind/v0.33.0/linux-amd64'],
    /--as names one file/,
  ],
];

for (const [what, argv, sentence] of refused) {
  test(`refused, with nothing changed: ${what}`, async ({ run, changed }) => {
    const error = await run(...argv).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error?.name).toBe('UsageError');
    expect(error?.message).toMatch(sentence);
    expect(changed()).toEqual([]);
  });
}

test('pins downloads whose names say what they are', async ({ run, changed, put }) => {
  const { text } = await run(
    'digest',
    put('istioctl-1.28.10-osx-arm64.tar.gz'),
    put('kind/v0.33.0/kind-linux-amd64'),
    put('calico/v3.99.0/manifests/calico.yaml'),
  );
  expect(text.split('\n')).toEqual([
    `${digest}  tools/istioctl/1.28.10/darwin-arm64`,
    `${digest}  tools/kind/v0.33.0/linux-amd64`,
    `${digest}  manifests/calico/v3.99.0/manifests/calico.yaml`,
    '',
  ]);
  expect(changed()).toEqual(
    expect.arrayContaining([
      `darwin-arm64: ${digest}`,
      `linux-amd64: ${digest}`,
      `manifests/calico.yaml: ${digest}`,
    ]),
  );
  expect((await run('show', 'current')).text).not.toMatch(/unpinned .*kind v0\.33\.0 for linux-amd64/);
});

test('pins any file under the place that is named', async ({ run, changed, put }) => {
  await run('digest', put('downloaded'), '--as', 'tools/kind/v0.33.0/linux-arm64');
  expect(changed()).toContain(`linux-arm64: ${digest}`);
});

test('computes the digest of what does not say what it is, and pins nothing', async ({
  run,
  changed,
  put,
}) => {
  const { text } = await run('digest', put('downloaded'));
  expect(text).toMatch(new RegExp(`^${digest}  .*downloaded \\(not pinned: `));
  expect(changed()).toEqual([]);
});

test('a download says by its name where its digest belongs', () => {
  const places: [file: string, place: string | undefined][] = [
    ['/tmp/istioctl-1.15.2-linux-amd64.tar.gz', 'tools/istioctl/1.15.2/linux-amd64'],
    ['istioctl-1.31.0-rc.0-linux-arm64.tar.gz', 'tools/istioctl/1.31.0-rc.0/linux-arm64'],
    ['istioctl-1.28.10-osx.tar.gz', 'tools/istioctl/1.28.10/darwin-amd64'],
    ['C:\\downloads\\v0.33.0\\kind-darwin-arm64', 'tools/kind/v0.33.0/darwin-arm64'],
    ['kind-linux-amd64', undefined],
    ['v3.32.1/manifests/alp/x.yaml', 'manifests/calico/v3.32.1/manifests/alp/x.yaml'],
    ['manifests/calico.yaml', undefined],
  ];
  for (const [file, place] of places) expect(placeOf(file)?.join('/'), file).toBe(place);
});

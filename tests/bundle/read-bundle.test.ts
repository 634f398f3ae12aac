import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { stringify } from 'yaml';
import type { BundleDescription } from '../../scripts/bundle/bundle-file.ts';
import { readBundle } from '../../scripts/bundle/read-bundle.ts';
import { sha256 } from '../../scripts/downloads/sha256.ts';
import { type Lane, laneNamed } from '../../scripts/lanes/lane.ts';

const current = laneNamed('current');
const platform = 'linux-amd64';

interface Shelf {
  folder: string;
  /** Writes a bundle, with changes to what it says of itself. */
  put: (change?: Partial<BundleDescription>) => void;
  read: (lane?: Lane, on?: string) => ReturnType<typeof readBundle>;
}

const test = base.extend<{ shelf: Shelf }>({
  shelf: async ({}, use, info) => {
    const folder = info.outputPath('bundle');
    const held = (file: string) => ({ file, sha256: sha256(`content of ${file}`) });
    const description: BundleDescription = {
      format: 1,
      platform,
      lane: current,
      nodeGiven: false,
      node: { image: 'docker.io/kindest/node:v1.34.3', ...held('images/node.tar') },
      agent: 'docker.io/library/node:24-alpine',
      images: [{ image: 'docker.io/library/node:24-alpine', ...held('images/agent.tar') }],
      manifests: [{ path: 'manifests/csi-driver.yaml', release: 'v3.32.1', ...held('manifests/csi.yaml') }],
      boutique: { version: 'v0.10.6', ...held('manifests/boutique.yaml') },
      tools: [{ name: 'kind', version: 'v0.33.0', ...held('tools/kind') }],
    };
    await use({
      folder,
      put: (change = {}) => {
        const { node, images, manifests, boutique, tools } = description;
        for (const part of ['images', 'manifests', 'tools'])
          mkdirSync(join(folder, part), { recursive: true });
        for (const { file } of [node, ...images, ...manifests, boutique, ...tools]) {
          writeFileSync(join(folder, file), `content of ${file}`);
        }
        writeFileSync(join(folder, 'bundle.yaml'), stringify({ ...description, ...change }));
      },
      read: (lane = current, on = platform) => readBundle(folder, lane, on),
    });
  },
});

test('a whole bundle is read, with its files', async ({ shelf }) => {
  shelf.put();
  const bundle = await shelf.read();
  expect(bundle).toMatchObject({
    folder: shelf.folder,
    lane: { ...current, node: 'docker.io/kindest/node:v1.34.3' },
    archives: [
      { archive: join(shelf.folder, 'images/agent.tar'), images: ['docker.io/library/node:24-alpine'] },
    ],
    boutique: join(shelf.folder, 'manifests/boutique.yaml'),
  });
  expect(bundle.tool('kind')).toBe(join(shelf.folder, 'tools/kind'));
  expect(bundle.tool('istioctl')).toBeUndefined();
});

test('no bundle is there', async ({ shelf }) => {
  await expect(shelf.read()).rejects.toThrow(
    /^There is no bundle in .*; `npm run bundle -- --output .*` makes one\.$/,
  );
});

test('a bundle of another lane is refused', async ({ shelf }) => {
  shelf.put();
  await expect(shelf.read(laneNamed('control'))).rejects.toThrow(
    /^The bundle in .* is of the lane current, and not of control; name that lane, or make another bundle\.$/,
  );
});

test('a bundle of versions that the lane has no more is refused', async ({ shelf }) => {
  shelf.put();
  await expect(shelf.read({ ...current, calico: 'v3.32.2' })).rejects.toThrow(
    /^The bundle in .* has calico v3\.32\.1, and versions\.yaml now has v3\.32\.2 for current; make it again\.$/,
  );
  await expect(shelf.read({ ...current, dataPlane: 'nftables' })).rejects.toThrow(
    /has dataPlane iptables, and/,
  );
});

test('nodes that a person named must be of the same line of Kubernetes, and no others may differ', async ({
  shelf,
}) => {
  const lane = { ...current, kubernetes: 'v1.34.9', node: 'kindest/node:v1.34.9' };
  shelf.put({ lane, nodeGiven: true });
  expect((await shelf.read()).lane.kubernetes).toBe('v1.34.9');
  await expect(shelf.read({ ...current, kubernetes: 'v1.35.1' })).rejects.toThrow(
    /has kubernetes v1\.34\.9, and versions\.yaml now has v1\.35\.1/,
  );
  shelf.put({ lane });
  await expect(shelf.read()).rejects.toThrow(
    /has kubernetes v1\.34\.9, and versions\.yaml now has v1\.34\.3/,
  );
});

test('a bundle for another platform is refused', async ({ shelf }) => {
  shelf.put();
  await expect(shelf.read(current, 'darwin-arm64')).rejects.toThrow(
    /^The bundle in .* is for linux-amd64, and this is darwin-arm64; make it here\.$/,
  );
});

for (const file of ['images/node.tar', 'images/agent.tar', 'manifests/boutique.yaml', 'tools/kind']) {
  test(`an incomplete bundle is refused: ${file}`, async ({ shelf }) => {
    shelf.put();
    rmSync(join(shelf.folder, file));
    await expect(shelf.read()).rejects.toThrow(
      `The bundle in ${shelf.folder} is incomplete: ${file} is missing; make it again.`,
    );
  });

  test(`a wrong checksum is refused: ${file}`, async ({ shelf }) => {
    shelf.put();
    writeFileSync(join(shelf.folder, file), 'changed');
    await expect(shelf.read()).rejects.toThrow(
      `${file} in the bundle ${shelf.folder} has SHA-256 ${sha256('changed')}, and not the ${sha256(`content of ${file}`)} it was made with; make it again.`,
    );
  });
}

test('a bundle that says nothing sensible of itself is refused', async ({ shelf }) => {
  shelf.put({ format: 2 as 1 });
  await expect(shelf.read()).rejects.toThrow(/bundle\.yaml is not as this version of the suite writes it/);
  writeFileSync(join(shelf.folder, 'bundle.yaml'), '{');
  await expect(shelf.read()).rejects.toThrow(/bundle\.yaml cannot be read; run `npm run bundle` again\.$/);
});

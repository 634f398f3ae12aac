import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { manifestOf } from '../../scripts/downloads/manifests.ts';
import { pinnedFile } from '../../scripts/downloads/pinned-file.ts';
import { sha256 } from '../../scripts/downloads/sha256.ts';

const text = 'kind: List\n';
const pin = sha256(text);
const putAt = (cache: string, digest: string) =>
  `download it where that can be done, and put it at ${join(cache, digest)}.`;

/** A server that has one file, and counts how often it was asked for it. */
const test = base.extend<{ url: string; asked: { times: number }; cache: string }>({
  asked: async ({}, use) => use({ times: 0 }),
  url: async ({ asked }, use) => {
    const server: Server = createServer(({ url }, response) => {
      asked.times += 1;
      response.writeHead(url === '/file.yaml' ? 200 : 404).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/file.yaml`);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
  cache: async ({}, use, info) => use(info.outputPath('cache')),
});

test('is downloaded once, and cached by its digest', async ({ url, asked, cache }) => {
  expect(await pinnedFile('A list', { url, sha256: pin, cache })).toBe(text);
  expect(await pinnedFile('A list', { url, sha256: pin, cache, offline: true })).toBe(text);
  expect(asked.times).toBe(1);
  expect(readdirSync(cache)).toEqual([pin]);
});

test('without a digest it is cached apart, by its address', async ({ url, asked, cache }) => {
  expect(await pinnedFile('A list', { url, cache })).toBe(text);
  expect(await pinnedFile('A list', { url, cache })).toBe(text);
  expect(asked.times).toBe(1);
  expect(readdirSync(cache)).toEqual(['unpinned']);
});

test('a download with another digest is refused and not kept', async ({ url, cache }) => {
  const wanted = sha256('other');
  await expect(pinnedFile('A list', { url, sha256: wanted, cache })).rejects.toThrow(
    `A list from ${url} has SHA-256 ${pin}, but ${wanted} is pinned in versions.yaml; ${putAt(cache, wanted)}`,
  );
  expect(existsSync(cache)).toBe(false);
});

test('a cached file that was changed is refused', async ({ url, cache, asked }) => {
  await pinnedFile('A list', { url, sha256: pin, cache });
  writeFileSync(`${cache}/${pin}`, 'changed');
  await expect(pinnedFile('A list', { url, sha256: pin, cache })).rejects.toThrow(
    `A list from ${join(cache, pin)} has SHA-256 ${sha256('changed')}, but ${pin} is pinned in versions.yaml; delete that file, and it is downloaded again.`,
  );
  expect(asked.times).toBe(1);
});

test('what cannot be downloaded is named, with the reason and what to do', async ({ url, cache }) => {
  const absent = url.replace('file', 'absent');
  await expect(pinnedFile('A list', { url: absent, sha256: pin, cache })).rejects.toThrow(
    `A list could not be downloaded from ${absent} (HTTP 404); ${putAt(cache, pin)}`,
  );
  const advice = 'give its file with --list FILE';
  await expect(pinnedFile('A list', { url: absent, sha256: pin, cache, advice })).rejects.toThrow(
    `A list could not be downloaded from ${absent} (HTTP 404); ${advice}.`,
  );
});

test('what was put where it is looked for is taken', async ({ url, asked, cache }) => {
  mkdirSync(cache);
  writeFileSync(join(cache, pin), text);
  expect(await pinnedFile('A list', { url, sha256: pin, cache })).toBe(text);
  expect(asked.times).toBe(0);
});

test('a given file that is not there is named', async ({ url, cache }) => {
  await expect(
    pinnedFile('A list', { url, sha256: pin, cache, given: '/no/such/file', advice: 'give another' }),
  ).rejects.toThrow(/^A list cannot be read from \/no\/such\/file \(ENOENT.*\); give another\.$/);
});

test('without the network nothing is asked for', async ({ url, asked, cache }) => {
  await expect(pinnedFile('A list', { url, sha256: pin, cache, offline: true })).rejects.toThrow(
    `A list is not at hand, and without the network it cannot be had; ${putAt(cache, pin)}`,
  );
  expect(asked.times).toBe(0);
});

test('a manifest comes from the bundle, and must be the pinned one', async ({ cache }, info) => {
  const file = info.outputPath('csi.yaml');
  writeFileSync(file, text);
  const bundle = { manifest: (path: string) => (path === 'manifests/own.yaml' ? file : undefined) };
  expect(await manifestOf({ calico: 'v3.32.1' }, 'manifests/own.yaml', { bundle, cache })).toBe(text);

  const all = { manifest: () => file };
  await expect(
    manifestOf({ calico: 'v3.32.1' }, 'manifests/csi-driver.yaml', { bundle: all, cache }),
  ).rejects.toThrow(
    /Calico's manifests\/csi-driver\.yaml of v3\.32\.1 from .*csi\.yaml has SHA-256 .+; make the bundle again\.$/,
  );
});

test('with a bundle the network is left alone', async ({ cache }) => {
  const bundle = { manifest: () => undefined };
  await expect(
    manifestOf({ calico: 'v3.32.1' }, 'manifests/csi-driver.yaml', { bundle, cache }),
  ).rejects.toThrow(/is not at hand, and without the network it cannot be had; make the bundle again\.$/);
});

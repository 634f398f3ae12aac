import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { execa } from 'execa';
import { sha256 } from '../../scripts/downloads/sha256.ts';
import { istioctlVersion } from '../../scripts/lib/istioctl.ts';
import { type FindOptions, findTool } from '../../scripts/tools/find-tool.ts';
import { platformHere } from '../../scripts/tools/platform.ts';
import { tools } from '../../scripts/tools/tools.ts';

/** A program that says a version as kind does. */
const kind = (version: string) => `#!/bin/sh\necho "kind ${version} go1.26.8 linux/amd64"\n`;
const istioctl = (version: string) =>
  `#!/bin/sh\necho '{ "clientVersion": { "version": "${version}", "tag": "${version}" } }'\n`;

interface Places {
  /** Writes a program and returns its file. */
  put: (place: string, program: string) => string;
  /** Everything a search looks at; nothing is there at first, and every download fails. */
  nowhere: FindOptions & { downloaded: (url: string) => Promise<Buffer> };
}

const test = base.extend<Places>({
  put: async ({}, use, info) => {
    await use((place, program) => {
      const file = join(info.outputPath(), place);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, program);
      chmodSync(file, 0o755);
      return file;
    });
  },
  nowhere: async ({}, use, info) => {
    await use({
      path: info.outputPath('path'),
      cache: info.outputPath('cache'),
      platform: 'linux-amd64',
      pins: { kind: {}, istioctl: {} },
      downloaded: () => Promise.reject(new Error('HTTP 404')),
    });
  },
});

/** A bundle without programs, with which the network is left alone all the same. */
const empty = { tool: () => undefined };

const inCache = 'cache/tools/kind/v0.33.0/linux-amd64/kind';

test('the one on PATH is taken when its version fits', async ({ put, nowhere }) => {
  const path = put('path/kind', kind('v0.33.2'));
  put(inCache, kind('v0.33.0'));
  expect(await findTool('kind', 'v0.33.0', nowhere)).toEqual({ path, version: 'v0.33.2', from: 'PATH' });
});

test('an istioctl must be of the very version that it is to install', async ({ put, nowhere }) => {
  const path = put('path/istioctl', istioctl('1.28.10'));
  expect(await findTool('istioctl', '1.28.10', nowhere)).toEqual({ path, version: '1.28.10', from: 'PATH' });
  await expect(findTool('istioctl', '1.28.9', nowhere)).rejects.toThrow(/path\/istioctl is 1\.28\.10/);
});

test('the bundle goes before the cache', async ({ put, nowhere }) => {
  put('path/kind', kind('v0.20.0'));
  put(inCache, kind('v0.33.0'));
  const path = put('bundle/kind', kind('v0.33.0'));
  const bundle = { tool: () => path };
  expect(await findTool('kind', 'v0.33.0', { ...nowhere, bundle })).toEqual({
    path,
    version: 'v0.33.0',
    from: 'bundle',
  });
});

test('an earlier download is found', async ({ put, nowhere }) => {
  const path = put(inCache, kind('v0.33.0'));
  expect(await findTool('kind', 'v0.33.0', { ...nowhere, bundle: empty })).toEqual({
    path,
    version: 'v0.33.0',
    from: 'cache',
  });
});

test('a download is compared with its digest, kept, and found again', async ({ nowhere }) => {
  const program = Buffer.from(kind('v0.33.0'));
  const asked: string[] = [];
  const downloaded = async (url: string) => {
    asked.push(url);
    return program;
  };
  const pins = { kind: { 'v0.33.0': { 'linux-amd64': sha256(program) } }, istioctl: {} };
  const first = await findTool('kind', 'v0.33.0', { ...nowhere, downloaded, pins });
  expect(first).toEqual({ path: expect.stringMatching(/kind$/), version: 'v0.33.0', from: 'download' });
  expect(readFileSync(first.path)).toEqual(program);
  expect(await findTool('kind', 'v0.33.0', nowhere)).toEqual({ ...first, from: 'cache' });
  expect(asked).toEqual([
    'https://github.com/kubernetes-sigs/kind/releases/download/v0.33.0/kind-linux-amd64',
  ]);
});

test('a download that nobody has computed a digest of says so', async ({ nowhere }) => {
  const downloaded = async () => Buffer.from(kind('v0.33.0'));
  expect(await findTool('kind', 'v0.33.0', { ...nowhere, downloaded })).toMatchObject({ unpinned: true });
});

test('istioctl is taken out of its archive', async ({ put, nowhere }, info) => {
  put('release/istioctl', istioctl('1.28.10'));
  const archive = info.outputPath('archive.tar.gz');
  await execa('tar', ['-czf', archive, '-C', info.outputPath('release'), 'istioctl']);
  const downloaded = async () => readFileSync(archive);
  expect(await findTool('istioctl', '1.28.10', { ...nowhere, downloaded })).toMatchObject({
    version: '1.28.10',
    from: 'download',
  });
});

const advice =
  'put kind v0.33.0 on your PATH (https://github.com/kubernetes-sigs/kind/releases/download/v0.33.0/kind-linux-amd64).';

test('a download with another digest is refused and not kept', async ({ nowhere }) => {
  const program = Buffer.from(kind('v0.33.0'));
  const pins = { kind: { 'v0.33.0': { 'linux-amd64': sha256('other') } }, istioctl: {} };
  await expect(
    findTool('kind', 'v0.33.0', { ...nowhere, downloaded: async () => program, pins }),
  ).rejects.toThrow(
    `kind v0.33.0 could not be had (its SHA-256 is ${sha256(program)}, but ${sha256('other')} is pinned in versions.yaml): ${advice}`,
  );
  await expect(findTool('kind', 'v0.33.0', { ...nowhere, bundle: empty })).rejects.toThrow(/not at hand/);
});

test('a download that does not run here is refused and not kept', async ({ nowhere }) => {
  const downloaded = async () => Buffer.from('for another machine');
  await expect(findTool('kind', 'v0.33.0', { ...nowhere, downloaded })).rejects.toThrow(
    /does not run on this machine \(linux-amd64\)/,
  );
  await expect(findTool('kind', 'v0.33.0', nowhere)).rejects.toThrow(/HTTP 404/);
});

test('what cannot be had is named, with what was found instead and what to do', async ({ put, nowhere }) => {
  const other = put('path/kind', kind('v0.20.0'));
  await expect(findTool('kind', 'v0.33.0', nowhere)).rejects.toThrow(
    `kind v0.33.0 could not be had (HTTP 404); ${other} is v0.20.0: ${advice}`,
  );
});

test('a program on PATH that fails is passed over', async ({ put, nowhere }) => {
  const broken = put('path/kind', '#!/bin/sh\nexit 1\n');
  await expect(findTool('kind', 'v0.33.0', { ...nowhere, bundle: empty })).rejects.toThrow(
    `kind v0.33.0 is not at hand; ${broken} is none that says its version: ${advice}`,
  );
});

test('an istioctl that says no version is none', async ({ put }, info) => {
  expect(await istioctlVersion(put('own/istioctl', istioctl('1.28.10')))).toBe('1.28.10');
  expect(await istioctlVersion(put('own/silent', '#!/bin/sh\n'))).toBeUndefined();
  expect(await istioctlVersion(put('own/other', "#!/bin/sh\necho '{ no JSON'\n"))).toBeUndefined();
  expect(await istioctlVersion(info.outputPath('absent'))).toBeUndefined();
});

test('with a bundle nothing is downloaded', async ({ nowhere }) => {
  let asked = 0;
  const downloaded = async () => {
    asked += 1;
    return Buffer.from(kind('v0.33.0'));
  };
  await expect(findTool('kind', 'v0.33.0', { ...nowhere, downloaded, bundle: empty })).rejects.toThrow(
    /not at hand/,
  );
  expect(asked).toBe(0);
});

test('a platform without releases is named', async ({ nowhere }) => {
  await expect(findTool('istioctl', '1.28.10', { ...nowhere, platform: 'windows-amd64' })).rejects.toThrow(
    'istioctl 1.28.10 is not released for windows-amd64: put istioctl 1.28.10 on your PATH.',
  );
});

test("releases are at their projects' own addresses", () => {
  const url = (platform: string) => tools.istioctl.released('1.28.10', platform)?.url.split('/').at(-1);
  expect(url('linux-arm64')).toBe('istioctl-1.28.10-linux-arm64.tar.gz');
  expect(url('darwin-amd64')).toBe('istioctl-1.28.10-osx.tar.gz');
  expect(url('darwin-arm64')).toBe('istioctl-1.28.10-osx-arm64.tar.gz');
  expect(tools.kind.released('v0.33.0', 'darwin-arm64')?.url).toMatch(/\/v0\.33\.0\/kind-darwin-arm64$/);
});

test('platforms have the names that releases use', () => {
  expect(platformHere('linux', 'x64')).toBe('linux-amd64');
  expect(platformHere('darwin', 'arm64')).toBe('darwin-arm64');
  expect(platformHere('win32', 'x64')).toBe('windows-amd64');
});

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { writeWhole } from '../../fixtures/write-whole.ts';
import { cacheFolder } from '../downloads/cache.ts';
import { download, reasonOf } from '../downloads/download.ts';
import { sha256 } from '../downloads/sha256.ts';
import { pinnedVersions, type Versions } from '../lanes/versions-file.ts';
import { isExecutable } from '../lib/is-executable.ts';
import { platformHere } from './platform.ts';
import { ToolError } from './tool-error.ts';
import { type Release, type ToolName, tools } from './tools.ts';

/** A program that is ready to be run. */
export interface FoundTool {
  path: string;
  /** As it is tagged; the one it says itself. */
  version: string;
  from: 'PATH' | 'cache' | 'bundle' | 'download';
  /** True when it was downloaded and there was no digest to compare it with. */
  unpinned?: true;
}

/** A folder of programs that were put together beforehand; see `scripts/bundle`. */
export interface ToolSource {
  /** The program's file, if it is there. */
  tool: (name: ToolName) => string | undefined;
}

export interface FindOptions {
  /** With one the network is left alone. */
  bundle?: ToolSource | undefined;
  /** The places to look first, as in $PATH. */
  path?: string | undefined;
  /** Where downloads are kept; the project's own cache by default. */
  cache?: string | undefined;
  platform?: string | undefined;
  pins?: Versions['tools'] | undefined;
  /** How a release's bytes are had. */
  downloaded?: (url: string) => Promise<Buffer>;
}

/** A program that is not at hand. */
export interface MissingTool {
  path: undefined;
  /** Why, in words to be read after its name and version, with what was found instead. */
  why: (how: string) => string;
  /** What a person can do, to be read after a colon. */
  todo: string;
  /** What can be downloaded; undefined where it is not released for the platform, or the network is left alone. */
  release: Release | undefined;
  /** Where a download belongs. */
  cached: string;
}

/**
 * Looks for a program of a version without the network: the one on PATH when its version fits, else the bundle's,
 * else an earlier download.
 *
 * @param version as it is tagged: kind's begin with a `v`, istioctl's do not.
 */
export async function toolAtHand(
  name: ToolName,
  version: string,
  { bundle, path = process.env.PATH ?? '', cache = cacheFolder, platform = platformHere() }: FindOptions = {},
): Promise<FoundTool | MissingTool> {
  const { fits, released } = tools[name];
  const passedOver: string[] = [];
  const cached = join(cache, 'tools', name, version, platform, name);
  const places = [
    ['PATH', onPath(name, path)],
    ['bundle', bundle?.tool(name)],
    ['cache', existsSync(cached) ? cached : undefined],
  ] as const;
  for (const [from, file] of places) {
    if (file === undefined) continue;
    const has = await versionOf(name, file);
    if (has !== undefined && fits(has, version)) return { path: file, version: has, from };
    passedOver.push(`${file} is ${has === undefined ? 'none that says its version' : has}`);
  }
  const release = released(version, platform);
  const instead = passedOver.length === 0 ? '' : `; ${passedOver.join(', ')}`;
  return {
    path: undefined,
    why: (how) =>
      `${name} ${version} ${release === undefined ? `is not released for ${platform}` : how}${instead}`,
    todo: `put ${name} ${version} on your PATH${release === undefined ? '' : ` (${release.url})`}`,
    release: bundle === undefined ? release : undefined,
    cached,
  };
}

/**
 * A program of a version: the one at hand (`toolAtHand`), else downloaded for this platform and compared with its
 * pinned SHA-256.
 *
 * @throws ToolError when it cannot be had, with what was found instead and what to do.
 */
export async function findTool(
  name: ToolName,
  version: string,
  options: FindOptions = {},
): Promise<FoundTool> {
  const atHand = await toolAtHand(name, version, options);
  if (atHand.path !== undefined) return atHand;
  const { why, todo, release, cached } = atHand;
  if (release === undefined) throw new ToolError(why('is not at hand'), todo);
  const {
    platform = platformHere(),
    pins = pinnedVersions().tools,
    downloaded = (url) => download(url, 600_000),
  } = options;
  const pin = pins[name][version]?.[platform];
  try {
    writeWhole(cached, await programIn(await pinnedBytes(release, pin, downloaded), release), 0o755);
  } catch (error) {
    throw new ToolError(why(`could not be had (${reasonOf(error)})`), todo);
  }
  const has = await versionOf(name, cached);
  if (has === undefined) {
    rmSync(cached);
    throw new ToolError(`${release.url} does not run on this machine (${platform})`, todo);
  }
  return { path: cached, version: has, from: 'download', ...(pin === undefined && { unpinned: true }) };
}

/** The version that a program says it has, as it is tagged; undefined when it cannot be run or says none. */
export async function versionOf(name: ToolName, file: string): Promise<string | undefined> {
  const { versionArguments, readVersion } = tools[name];
  const { stdout, failed } = await execa(file, versionArguments, { reject: false, timeout: 60_000 });
  return failed ? undefined : readVersion(stdout);
}

function onPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, process.platform === 'win32' ? `${name}.exe` : name))
    .find(isExecutable);
}

async function pinnedBytes(
  { url }: Release,
  pin: string | undefined,
  downloaded: (url: string) => Promise<Buffer>,
): Promise<Buffer> {
  const bytes = await downloaded(url);
  const got = sha256(bytes);
  if (pin !== undefined && got !== pin) {
    throw new Error(`its SHA-256 is ${got}, but ${pin} is pinned in versions.yaml`);
  }
  return bytes;
}

/** The program in a download. */
async function programIn(bytes: Buffer, { member }: Release): Promise<Buffer> {
  if (member === undefined) return bytes;
  const folder = mkdtempSync(join(tmpdir(), 'alp-tool-'));
  try {
    const archive = join(folder, 'archive.tar.gz');
    writeFileSync(archive, bytes);
    const { stdout } = await execa('tar', ['-xzOf', archive, member], {
      encoding: 'buffer',
      maxBuffer: 1 << 30,
    });
    return Buffer.from(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

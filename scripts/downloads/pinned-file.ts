import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../fixtures/write-whole.ts';
import { cacheFolder } from './cache.ts';
import { download, reasonOf } from './download.ts';
import { PinnedFileError } from './pinned-file-error.ts';
import { sha256 } from './sha256.ts';

export interface Wanted {
  url: string;
  /** Undefined where nobody has computed one: then nothing is compared. */
  sha256?: string | undefined;
  /** A file of the person's own, which is taken instead. */
  given?: string | undefined;
  /** Whether the network must be left alone. */
  offline?: boolean | undefined;
  /** Where downloads are kept; the project's own cache by default. */
  cache?: string | undefined;
  /**
   * What a person does to have it all the same, to be read after a semicolon; where they may put it unless said, since
   * whatever lies there is taken.
   */
  advice?: string | undefined;
}

/**
 * The text of a pinned file: the one given, else the cached one, else downloaded.
 *
 * @param what what it is, for messages: `Online Boutique v0.10.6`.
 * @throws PinnedFileError when its SHA-256 is not the pinned one, or it cannot be had, with what to do.
 */
export async function pinnedFile(
  what: string,
  { url, sha256: wanted, given, offline = false, cache = cacheFolder, advice }: Wanted,
): Promise<string> {
  const cached = join(cache, wanted ?? unpinnedName(url));
  const todo = advice ?? `download it where that can be done, and put it at ${cached}`;
  if (given !== undefined) return checked(what, readGiven(what, given, todo), wanted, given, todo);
  if (existsSync(cached)) {
    const again = `delete that file, and ${offline ? todo : 'it is downloaded again'}`;
    return checked(what, readFileSync(cached, 'utf8'), wanted, cached, again);
  }
  if (offline) {
    throw new PinnedFileError(`${what} is not at hand, and without the network it cannot be had; ${todo}.`);
  }
  let text: string;
  try {
    text = (await download(url)).toString('utf8');
  } catch (error) {
    throw new PinnedFileError(`${what} could not be downloaded from ${url} (${reasonOf(error)}); ${todo}.`);
  }
  checked(what, text, wanted, url, todo);
  writeWhole(cached, text);
  return text;
}

/** What has no digest is kept by its address, away from what has one. */
function unpinnedName(url: string): string {
  return join('unpinned', new URL(url).pathname.slice(1).replaceAll(/[^\w.-]+/g, '_'));
}

function readGiven(what: string, file: string, todo: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PinnedFileError(`${what} cannot be read from ${file} (${reasonOf(error)}); ${todo}.`);
  }
}

function checked(what: string, text: string, wanted: string | undefined, from: string, todo: string): string {
  const got = sha256(text);
  if (wanted !== undefined && got !== wanted) {
    throw new PinnedFileError(
      `${what} from ${from} has SHA-256 ${got}, but ${wanted} is pinned in versions.yaml; ${todo}.`,
    );
  }
  return text;
}

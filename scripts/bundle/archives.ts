import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import * as z from 'zod';
import { reasonOf } from '../downloads/download.ts';
import { BundleError } from './bundle-error.ts';
import { tagOf } from './image-name.ts';

/**
 * The images in a folder of docker archives, each with the archive that holds it; files of other kinds are passed
 * over.
 *
 * @throws BundleError when the folder cannot be read.
 */
export async function archivesIn(folder: string): Promise<Map<string, string>> {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => /\.(tar|tgz|tar\.gz)$/.test(name));
  } catch (error) {
    throw new BundleError(`${folder} cannot be read (${reasonOf(error)}); name a folder of docker archives.`);
  }
  const found = new Map<string, string>();
  for (const name of names.sort()) {
    const file = join(folder, name);
    for (const image of await imagesIn(file)) if (!found.has(image)) found.set(image, file);
  }
  return found;
}

/** The whole names of the images in a docker archive; none when it is no such archive. */
async function imagesIn(file: string): Promise<string[]> {
  const { stdout, failed } = await execa('tar', ['-xOf', file, 'manifest.json'], { reject: false });
  const { data: entries = [] } = manifest.safeParse(failed ? undefined : parsed(stdout));
  return entries.flatMap(({ RepoTags }) => RepoTags ?? []).map(tagOf);
}

/** What of the `manifest.json` of a docker archive is read (moby `image/tarexport/tarexport.go`, manifestItem). */
const manifest = z.array(z.object({ RepoTags: z.array(z.string()).nullish() }));

/** Others put a file of that name into their archives as well. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../downloads/download.ts';
import { sha256 } from '../downloads/sha256.ts';
import { BundleError } from './bundle-error.ts';

/**
 * The YAML files of a folder by their SHA-256, so that a pinned one is found whatever it is called there.
 *
 * @throws BundleError when the folder cannot be read.
 */
export function filesByDigest(folder: string): Map<string, string> {
  try {
    return new Map(
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.ya?ml$/.test(name))
        .map((name) => join(folder, name))
        .map((file) => [sha256(readFileSync(file)), file]),
    );
  } catch (error) {
    throw new BundleError(`${folder} cannot be read (${reasonOf(error)}); name a folder of manifests.`);
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, keepInCache } from '../downloads/cache.ts';
import type { Bundle } from './read-bundle.ts';

/**
 * Puts a bundle's manifests where downloads are looked for, so that whoever asks for a pinned file by its digest has
 * it without the network.
 */
export function cacheManifests({ folder, description }: Bundle, cache: string = cacheFolder): void {
  for (const { file, sha256 } of [...description.manifests, description.boutique]) {
    keepInCache(sha256, readFileSync(join(folder, file), 'utf8'), cache);
  }
}

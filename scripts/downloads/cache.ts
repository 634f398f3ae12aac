import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../fixtures/write-whole.ts';
import { projectRoot } from '../lib/project-root.ts';

/** Where downloads are kept, for this and later runs. */
export const cacheFolder = join(projectRoot, '.cache');

/** Keeps a text under its own digest; see `pinnedFile`. */
export function keepInCache(digest: string, text: string, folder: string = cacheFolder): void {
  const file = join(folder, digest);
  if (!existsSync(file)) writeWhole(file, text);
}

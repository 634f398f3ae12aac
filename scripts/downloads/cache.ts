import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../lib/project-root.ts';

/** Where downloads are kept, for this and later runs. */
export const cacheFolder = join(projectRoot, '.cache');

/** Writes a file as a whole: whoever finds it, finds all of it. */
export function writeWhole(file: string, content: string | NodeJS.ArrayBufferView, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.new`;
  writeFileSync(unfinished, content, { mode });
  renameSync(unfinished, file);
}

/** Keeps a text under its own digest; see `pinnedFile`. */
export function keepInCache(digest: string, text: string, folder: string = cacheFolder): void {
  const file = join(folder, digest);
  if (!existsSync(file)) writeWhole(file, text);
}

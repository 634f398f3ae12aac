import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BundleError } from './bundle-error.ts';
import { bundleFile } from './bundle-file.ts';

const parts = ['images', 'manifests', 'tools'] as const;

/** Marks a folder that a bundle is being made in, or was when something went wrong. */
const unfinished = 'UNFINISHED';

/**
 * Makes ready the folder of a bundle: a new one, an empty one, or that of an earlier bundle, which is removed.
 *
 * @throws BundleError when it holds something else, or cannot be written to.
 */
export function openFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const names = readdirSync(folder);
    if (names.length > 0 && ![bundleFile, unfinished].some((name) => names.includes(name))) {
      throw new BundleError(`${folder} is not empty and holds no bundle; name a new folder.`);
    }
    writeFileSync(join(folder, unfinished), 'This bundle was not finished: run `npm run bundle` again.\n');
    for (const name of [bundleFile, ...parts]) rmSync(join(folder, name), { recursive: true, force: true });
    for (const part of parts) mkdirSync(join(folder, part));
  } catch (error) {
    if (error instanceof BundleError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new BundleError(
      `${folder} is no folder that a bundle can be written to (${code}); name another one.`,
    );
  }
}

/** From here on the folder is a bundle. */
export function finishFolder(folder: string, description: string): void {
  writeFileSync(join(folder, bundleFile), description);
  rmSync(join(folder, unfinished));
}

/** Whether a bundle was begun here, and not finished. */
export function isUnfinished(folder: string): boolean {
  return existsSync(join(folder, unfinished));
}

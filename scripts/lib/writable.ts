import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { UsageError } from '../../fixtures/usage-error.ts';

/**
 * Looks whether a file can be written, before the work is done whose result it is for. What it holds stays.
 *
 * @param flag what a person named it with.
 * @throws UsageError when it cannot.
 */
export function checkWritable(flag: string, file: string): void {
  const there = existsSync(file);
  try {
    // Only opening tells: rights, a folder that is none, and a disk without room for another file.
    closeSync(openSync(file, 'a'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${flag} ${file} is not a file that can be written to (${code}): name another one.`);
  }
  if (!there) rmSync(file);
}

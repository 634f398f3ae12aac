import { cpSync, existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { CarriedOver } from '../../reports/assemble.ts';

/**
 * Copies what carried-over results name beside their report to where the new report names it.
 *
 * @returns the results; what is no longer there they do not name any more.
 */
export function carryFiles(carried: CarriedOver, from: string, to: string): CarriedOver {
  const copied = (path: string): boolean => {
    const source = resolve(from, path);
    // The report is a file that anyone may have written.
    if (relative(from, source).startsWith('..') || !existsSync(source)) return false;
    const copy = join(to, path);
    if (copy !== source) cpSync(source, copy);
    return true;
  };
  const withFiles = <T extends { diagnostics: string[] }>(result: T): T => ({
    ...result,
    diagnostics: result.diagnostics.filter(copied),
  });
  return { requirements: carried.requirements.map(withFiles), hazards: carried.hazards.map(withFiles) };
}

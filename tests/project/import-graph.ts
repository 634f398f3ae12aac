import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { init, parse } from 'es-module-lexer';

/** What is loaded with some files: which they import, and what that imports, at once or later. */
export interface ImportGraph {
  /** Files by their path below the root, each with the one that imports it; what was begun with has none. */
  importers: Map<string, string | undefined>;
  /** Imports whose name is made at run time, so that nobody can tell what they load: `FILE: TEXT`. */
  unclear: string[];
}

/**
 * Follows every import that is there at run time; those of types alone load nothing, and packages are not entered.
 *
 * @param from paths of TypeScript files below `root`.
 */
export async function importGraph(root: string, from: readonly string[]): Promise<ImportGraph> {
  await init;
  const importers = new Map<string, string | undefined>(from.map((file) => [file, undefined]));
  const unclear: string[] = [];
  // A Map is walked in the order of its making, those included that are added on the way.
  for (const file of importers.keys()) {
    const code = readFileSync(join(root, file), 'utf8');
    for (const found of parse(code)[0]) {
      if (found.type === 'import-meta' || (found.type === 'static' && found.typeOnly)) continue;
      const { specifier, importStart, importEnd } = found;
      const isMade = specifier === undefined || (found.type === 'dynamic' && found.glob);
      if (isMade) unclear.push(`${file}: ${code.slice(importStart, importEnd)}`);
      else if (specifier.startsWith('.')) add(relative(root, join(root, dirname(file), specifier)), file);
    }
  }
  return { importers, unclear };

  function add(imported: string, importer: string) {
    if (!importers.has(imported) && /\.ts$/.test(imported) && existsSync(join(root, imported))) {
      importers.set(imported, importer);
    }
  }
}

/** How a file came to be loaded, from where it began. */
export function chainTo(file: string, { importers }: ImportGraph): string {
  const importer = importers.get(file);
  return importer === undefined ? file : `${chainTo(importer, { importers, unclear: [] })} > ${file}`;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import semver from 'semver';
import { parse } from 'yaml';
import * as z from 'zod';

const product = z.enum(['kubernetes', 'calico', 'istio']);

/** One promise of the catalogue (`specs/requirements/*.yaml`). */
export const requirementSchema = z.strictObject({
  id: z.string().regex(/^[A-Z0-9]+-\d{2}$/),
  statement: z.string().regex(/^[A-Z].*\.$/, 'one sentence'),
  level: z.enum(['core', 'extended']),
  source: z.strictObject({ document: z.string(), place: z.string() }),
  /** Semver range by product: the releases that make this promise. */
  since: z.partialRecord(product, z.string()).optional(),
  until: z.partialRecord(product, z.string()).optional(),
  disputed: z.string().optional(),
  bench: z.array(z.enum(['cluster', 'dikastes'])).nonempty(),
  needs: z.array(z.enum(['browser', 'permissive before', 'uninjected before'])).default([]),
});

export type Requirement = z.infer<typeof requirementSchema> & { area: string };

export const requirementsFolder = join(import.meta.dirname, 'requirements');

/**
 * The whole catalogue, in order of id.
 *
 * @throws when a file does not fit the schema or an id is used twice, naming the file.
 */
export function loadCatalogue(folder = requirementsFolder): Requirement[] {
  const catalogue = new Map<string, Requirement>();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    const area = file.replace('.yaml', '');
    const parsed = z.array(requirementSchema).safeParse(parse(readFileSync(join(folder, file), 'utf8')));
    if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
    for (const requirement of parsed.data) {
      if (catalogue.has(requirement.id)) throw new Error(`${file}: ${requirement.id} is declared twice`);
      catalogue.set(requirement.id, { ...requirement, area });
    }
  }
  return [...catalogue.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

export interface Versions {
  kubernetes: string;
  calico: string;
  istio: string;
}

/** Whether a release makes this promise; otherwise the reason why not. */
export function excludedByVersion(requirement: Requirement, versions: Versions): string | undefined {
  for (const [name, from] of Object.entries(requirement.since ?? {})) {
    const version = versions[name as keyof Versions];
    if (semver.lt(comparable(version), comparable(from))) {
      return `promised since ${name} ${from}, and this is ${version}`;
    }
  }
  for (const [name, to] of Object.entries(requirement.until ?? {})) {
    const version = versions[name as keyof Versions];
    if (semver.gte(comparable(version), comparable(to))) {
      return `promised until ${name} ${to}, and this is ${version}`;
    }
  }
  return undefined;
}

function comparable(version: string): string {
  return semver.coerce(version)?.version ?? '0.0.0';
}

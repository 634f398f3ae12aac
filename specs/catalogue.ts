import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import semver from 'semver';
import * as z from 'zod';
import { readHandEdited } from '../fixtures/hand-edited.ts';
import { UsageError } from '../fixtures/usage-error.ts';

const product = z.enum(['kubernetes', 'calico', 'istio']);

/** How Calico's v3 API is served: by its own API server, or as custom resources of Kubernetes. */
export const calicoApis = ['api server', 'native crds'] as const;
const calicoApi = z.enum(calicoApis);
export type CalicoApi = z.infer<typeof calicoApi> | 'unknown';

const range = z.string().refine((text) => semver.validRange(text) !== null, 'a range of semver');
const release = z.string().refine((text) => semver.coerce(text) !== null, 'a release');

const expectation = z.strictObject({
  /** All of it must hold; an entry without it always does. */
  when: z
    .strictObject({ kubernetes: range, calico: range, istio: range, api: calicoApi })
    .partial()
    .refine((conditions) => Object.keys(conditions).length > 0, 'a condition')
    .optional(),
  expect: z.string(),
});

/** One promise of the catalogue (`specs/requirements/*.yaml`), or one documented weakness. */
export const requirementSchema = z.strictObject({
  id: z.string().regex(/^[A-Z0-9]+-\d{2}$/),
  statement: z.string().regex(/^[A-Z].*\.$/, 'one sentence'),
  level: z.enum(['core', 'extended']),
  /** The statement is a weakness that the documentation tells of: it is looked for, and counts for nothing. */
  hazard: z.literal(true).optional(),
  /** Declared now and proven later: it has no spec yet, and is in no other profile. */
  profile: z.enum(['resilience', 'upgrade']).optional(),
  source: z.strictObject({ document: z.string(), place: z.string() }),
  /** By product: the releases that make this promise, from one on and before another. */
  since: z.partialRecord(product, release).optional(),
  until: z.partialRecord(product, release).optional(),
  /** The ways of serving Calico's API that make this promise; all of them unless said. */
  api: z.array(calicoApi).nonempty().optional(),
  /** What is expected, where that is not the same everywhere: the first entry that holds counts. */
  expectations: z
    .array(expectation)
    .nonempty()
    .refine(endsWithDefault, 'only the last entry has no `when`')
    .optional(),
  disputed: z.string().optional(),
  bench: z.array(z.enum(['cluster', 'dikastes'])).nonempty(),
  /** What it takes beside a cluster, or of it. */
  needs: z
    .array(
      z.enum([
        'browser',
        'permissive before',
        'uninjected before',
        'two nodes',
        'ipv6',
        'native sidecars',
        'mesh ca',
      ]),
    )
    .default([]),
});

export type Requirement = z.infer<typeof requirementSchema> & { area: string };

export const requirementsFolder = join(import.meta.dirname, 'requirements');

/**
 * The whole catalogue, in order of id.
 *
 * @throws UsageError when a file does not fit the schema or an id is used twice, naming the file.
 */
export function loadCatalogue(folder = requirementsFolder): Requirement[] {
  const catalogue = new Map<string, Requirement>();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    const area = file.replace('.yaml', '');
    const text = readFileSync(join(folder, file), 'utf8');
    for (const requirement of readHandEdited(file, text, z.array(requirementSchema))) {
      if (catalogue.has(requirement.id)) {
        throw new UsageError(`${file}: ${requirement.id} is declared twice: give one of them another id.`);
      }
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

/** What a requirement expects of a release; undefined where that is the same everywhere. */
export function expectationOf(
  { expectations }: Pick<Requirement, 'expectations'>,
  versions: Versions,
  api: CalicoApi,
): string | undefined {
  return expectations?.find(({ when }) => when === undefined || holds(when, versions, api))?.expect;
}

type Conditions = NonNullable<z.infer<typeof expectation>['when']>;

function holds({ api: wanted, ...ranges }: Conditions, versions: Versions, api: CalicoApi): boolean {
  if (wanted !== undefined && wanted !== api) return false;
  return Object.entries(ranges).every(([name, within]) => {
    // Of a version that is not known nothing holds.
    const version = semver.coerce(versions[name as keyof Versions]);
    return within === undefined || (version !== null && semver.satisfies(version, within));
  });
}

/** Something is always expected: the entry for all other cases comes last, and nothing comes after it. */
function endsWithDefault(entries: readonly { when?: unknown }[]): boolean {
  return entries.findIndex(({ when }) => when === undefined) === entries.length - 1;
}

function comparable(version: string): string {
  return semver.coerce(version)?.version ?? '0.0.0';
}

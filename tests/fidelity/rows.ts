import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Something that is there: an object in the short form of `objects.ts`. */
export interface ShortObject {
  /** GlobalNetworkPolicy when absent. */
  kind?: string;
  name?: string;
  namespace?: string;
  labels?: Record<string, string>;
  /** How long ago it was made. */
  ageSeconds?: number;
  [field: string]: unknown;
}

/** What was done and what was seen then. */
export interface Step {
  given?: ShortObject[];
  /** Names of objects that were given before. */
  remove?: string[];
  /** Something that is done once that is in force; by its name in `deeds.ts`. */
  deed?: string;
  /** By name, what the API then stores in their spec. */
  stored?: Record<string, Record<string, unknown>>;
  /** Words of the API's refusal of the last that was given. */
  refused?: string;
  /** Of the file's `clients`, those that were allowed; all others were not. */
  allows?: string[];
  /** Outcome by probe; of two with a slash between them the first is warm and the second cold. */
  seen?: Record<string, string | number>;
}

export interface Row extends Step {
  row: string;
  /** Mode of the whole mesh; STRICT when absent. */
  mesh?: 'PERMISSIVE' | 'DISABLE';
  /** A connection that was opened before anything was given. */
  held?: string;
  /** What was done after that, and what was seen then. */
  later?: Step[];
}

/** A row about something that the mesh has no notion of. */
export interface UnmodelledRow {
  row: string;
  needs: string;
  seen: string;
}

export interface Table {
  name: string;
  /** What policies select that do not say so themselves. */
  selector: string | undefined;
  rows: Row[];
  unmodelled: UnmodelledRow[];
}

interface File {
  selector?: string;
  clients?: string[];
  rows: (Row | UnmodelledRow)[];
}

const folder = join(import.meta.dirname, 'recorded');

export function readTable(name: string): Table {
  const { selector, clients = [], rows } = parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')) as File;
  const modelled = rows.filter((row): row is Row => !('needs' in row));
  return {
    name,
    selector,
    rows: modelled.map((row) => ({
      ...withClients(row, clients),
      later: (row.later ?? []).map((step) => withClients(step, clients)),
    })),
    unmodelled: rows.filter((row): row is UnmodelledRow => 'needs' in row),
  };
}

function withClients<T extends Step>(step: T, clients: readonly string[]): T {
  const { allows } = step;
  if (allows === undefined) return step;
  const seen = clients.map((client) => [`${client} GET /`, allows.includes(client) ? '200' : '403 / 503']);
  return { ...step, seen: { ...Object.fromEntries(seen), ...step.seen } };
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../../fixtures/guest/journal.ts';
import { writeWhole } from '../../../fixtures/write-whole.ts';
import type { Lane } from '../../lanes/lane.ts';
import { projectRoot } from '../../lib/project-root.ts';

/**
 * What a run makes outside the project: written into its folder before anything of it is made, and removed once
 * all of it is gone, so that `down` knows of it however the run ends.
 */
export interface KindRecord {
  /** The run's id, and its folder. */
  run: string;
  folder: string;
  /** The run's process. */
  pid: number;
  cluster: string;
  /** The network of its own that its nodes are on; absent when a person has named one of theirs. */
  network?: string;
  /** The kind that makes it. */
  kind: string;
  /** Whether it stays when the run ends, for others to use it again. */
  keep: boolean;
  /** `ready` once everything is in it. */
  state: 'being made' | 'ready';
  lane: Lane;
  /** Where its gateway is reached. */
  ingress: string;
  /** What told docker where its engine is, since whoever deletes the cluster may be told otherwise. */
  engine: Record<string, string>;
}

const recordFile = 'kind.json';
const runsFolder = join(projectRoot, '.state', 'runs');

/** The folder in a run's with the logs of a cluster that could not be made. */
export const logsFolder = 'kind-logs';

/** What may be left in the folder of a run that was never begun, by name. */
export const kindLeaves = [recordFile, logsFolder];

export function writeRecord(record: KindRecord): void {
  mkdirSync(record.folder, { recursive: true });
  writeWhole(join(record.folder, recordFile), `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

export function removeRecord({ folder }: Pick<KindRecord, 'folder'>): void {
  const parts = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(recordFile)) : [];
  for (const name of parts) rmSync(join(folder, name));
  // A run that was killed before it began has nothing else there.
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/** The record in a run's folder, when it has made something that is still there. */
export function recordIn(folder: string): KindRecord | undefined {
  const file = join(folder, recordFile);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as KindRecord) : undefined;
}

/** Removes what runs have left that were killed while they wrote their record, and had made nothing yet. */
export function removeHalfRecords(runs: string = runsFolder): void {
  if (!existsSync(runs)) return;
  for (const entry of readdirSync(runs, { withFileTypes: true })) {
    const folder = join(runs, entry.name);
    // A run that ends just now takes its folder along.
    const names = entry.isDirectory() && existsSync(folder) ? readdirSync(folder) : [];
    const writers = names.map((name) => /^kind\.json\.(\d+)\.new$/.exec(name)?.[1]);
    if (names.length > 0 && writers.every((pid) => pid !== undefined && !isAlive(Number(pid)))) {
      removeRecord({ folder });
    }
  }
}

/** Every record of this checkout's runs. */
export function allRecords(runs: string = runsFolder): KindRecord[] {
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .sort()
    .flatMap((id) => recordIn(join(runs, id)) ?? []);
}

/** The variables that tell docker and kind where the engine is. */
const engineVariables = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'DOCKER_CONFIG',
];

/** What of these is set. */
export function engineHere(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(
    engineVariables.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

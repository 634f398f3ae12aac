import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { TranscriptLine } from '../../../fixtures/recorder.ts';
import type { ShortObject } from '../rows.ts';

/** Where a requirement was proven: at the shop or in a sandbox. */
export type Place = 'shop' | 'sandbox';

/** Lines with the policies that held for them. */
export interface Phase {
  given: ShortObject[];
  lines: TranscriptLine[];
}

/** One transcript of one run. */
export interface Transcript {
  requirement: string;
  place: Place;
  phases: Phase[];
}

/** A run on a real cluster, by what was special about it. */
export interface Run {
  name: string;
  /** Calico's release. */
  calico: string;
  mesh?: 'PERMISSIVE';
  deed?: string;
  sideHostRetries?: boolean;
  transcripts: Transcript[];
}

interface File {
  runs: Record<string, Omit<Run, 'name' | 'transcripts'>>;
  phases: Record<Place, Record<string, ShortObject[][]>>;
  lines: Record<string, Record<Place, Record<string, number[]>>>;
}

const results = join(import.meta.dirname, '..', '..', '..', 'docs', 'results');
const file = join(import.meta.dirname, '..', 'recorded', 'transcripts.yaml');

/** The transcripts of all recorded runs. */
export function readRuns(): Run[] {
  const { runs, phases, lines } = parse(readFileSync(file, 'utf8'), { merge: true }) as File;
  return Object.entries(runs).map(([name, run]) => ({
    ...run,
    name,
    transcripts: transcriptsOf(name).map(({ requirement, lines: all }) => {
      const place = placeOf(all);
      const given = phases[place][requirement];
      if (given === undefined)
        throw new Error(`transcripts.yaml has no phases for ${requirement} at the ${place}.`);
      const counts = lines[name]?.[place][requirement] ?? [all.length];
      if (sum(counts) !== all.length) {
        throw new Error(
          `transcripts.yaml counts ${sum(counts)} lines of ${requirement} at the ${place} of ${name}.`,
        );
      }
      return { requirement, place, phases: cut(all, counts, given) };
    }),
  }));
}

function cut(lines: readonly TranscriptLine[], counts: readonly number[], given: ShortObject[][]): Phase[] {
  return counts.map((count, index) => {
    const from = sum(counts.slice(0, index));
    return { given: given[index]!, lines: lines.slice(from, from + count) };
  });
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function placeOf(lines: readonly TranscriptLine[]): Place {
  return lines.some(({ route }) => route.includes('frontend')) ? 'shop' : 'sandbox';
}

function transcriptsOf(run: string): { requirement: string; lines: TranscriptLine[] }[] {
  const folder = join(results, run, 'diagnostics');
  return readdirSync(folder)
    .sort()
    .flatMap((requirement) =>
      readdirSync(join(folder, requirement))
        .filter((name) => /^transcript.*\.ndjson$/.test(name))
        .map((name) => ({ requirement, lines: linesOf(join(folder, requirement, name)) })),
    );
}

function linesOf(path: string): TranscriptLine[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TranscriptLine);
}

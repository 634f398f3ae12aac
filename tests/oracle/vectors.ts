import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, type Recording } from '../../scripts/lib/differential/recording.ts';

const folder = join(import.meta.dirname, 'vectors');

/** The releases whose binaries were asked, oldest first. */
export const recordedReleases: readonly string[] = readdirSync(folder)
  .map((file) => file.replace('.ndjson.gz', ''))
  .toSorted();

/**
 * What the real Dikastes of a release answered. Each was recorded by
 * `npm run differential -- --calico RELEASE --dikastes FILE --questions 12000 --seed 2711 --record …/RELEASE.ndjson.gz`.
 */
export function loadVectors(release: string): Recording {
  return decode(readFileSync(join(folder, `${release}.ndjson.gz`)));
}

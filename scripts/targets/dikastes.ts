import { globSync } from 'node:fs';
import semver from 'semver';
import type { Bench } from '../../fixtures/dikastes/bench/bench.ts';
import { UsageError } from '../../fixtures/usage-error.ts';
import { knownReleases } from '../lib/sweep/releases.ts';

/** Where Dikastes of several releases come from. */
export interface DikastesSource {
  /** What can be had, oldest first. */
  releases: readonly string[];
  bench: (release: string) => Bench;
}

const placeholder = '{version}';

/**
 * Dikastes by the files that fit a pattern such as `/opt/dikastes-{version}`, or each release's own image when
 * there is no pattern.
 *
 * @throws UsageError when the pattern fits no file.
 */
export function dikastesFrom(pattern: string | undefined): DikastesSource {
  if (pattern === undefined) return { releases: knownReleases, bench: (release) => ({ release }) };
  const [before = '', after, ...more] = pattern.split(placeholder);
  if (after === undefined || more.length > 0) {
    throw new UsageError(`--dikastes takes a path with ${placeholder} in it once, and not ${pattern}.`);
  }
  const files = new Map<string, string>();
  for (const file of globSync(`${escaped(before)}*${escaped(after)}`)) {
    const version = file.slice(before.length, file.length - after.length);
    if (semver.valid(version) === version.replace(/^v/, '')) files.set(`v${semver.valid(version)}`, file);
  }
  if (files.size === 0) {
    throw new UsageError(`There is no file like ${pattern} with a release such as v3.32.1 in its name.`);
  }
  return {
    releases: [...files.keys()].sort(semver.compare),
    bench: (release) => ({ release, binary: files.get(release)! }),
  };
}

/** A text that stands for itself in a glob. */
function escaped(text: string): string {
  return text.replaceAll(/[*?[\]{}()!@+\\]/g, '\\$&');
}

import semver from 'semver';
import { UsageError } from '../../../fixtures/usage-error.ts';
import { firstKnown } from './releases.ts';

/** Releases from one to another, both included. */
export interface Range {
  from: string;
  to: string;
}

/**
 * Reads `v3.24.1..v3.32.1`, or one release alone.
 *
 * @throws UsageError
 */
export function readRange(text: string): Range {
  const [from, to = from, ...rest] = text.split('..').map((end) => semver.valid(end));
  if (typeof from !== 'string' || typeof to !== 'string' || rest.length > 0) {
    throw new UsageError(`--calico takes releases such as v3.24.1..v3.32.1, and not ${text}.`);
  }
  if (semver.gt(from, to)) throw new UsageError(`--calico ${text} is a range backwards.`);
  return { from: `v${from}`, to: `v${to}` };
}

/** Whether a range is one release alone, of those with application layer policy. */
export function isRelease({ from, to }: Range): boolean {
  return from === to && semver.gte(from, firstKnown);
}

/** Those of the releases that lie in a range, oldest first. */
export function within(releases: readonly string[], { from, to }: Range): string[] {
  return releases
    .filter((release) => semver.gte(release, from) && semver.lte(release, to))
    .sort(semver.compare);
}

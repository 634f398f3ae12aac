import { InvalidArgumentError } from 'commander';
import semver from 'semver';

// Values of the options that name a release of Calico, as it is tagged or without its v.

/** The releases whose deviations are known; what later ones break is not known yet. */
const knownReleases = '3.24.0 - 3.32.1';

/** A release as it is tagged; throws when it is none that Dikastes can be asked of. */
export function releaseOf(value: string): string {
  const version = semver.valid(value);
  // Newer releases than are known are welcome: what they do otherwise is what is looked for.
  if (version !== null && semver.gte(version, '3.24.0')) return `v${version}`;
  throw new InvalidArgumentError('It must be a release from v3.24.0 on, such as v3.31.7.');
}

/** A release as it is tagged; throws when it is none, or none whose deviations are known. */
export function readRelease(value: string): string {
  const version = semver.valid(value);
  if (version === null || semver.prerelease(version) || !semver.satisfies(version, knownReleases)) {
    throw new InvalidArgumentError('It must be a release from v3.24.0 to v3.32.1, such as v3.31.7.');
  }
  return `v${version}`;
}

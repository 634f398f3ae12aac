import { InvalidArgumentError } from 'commander';
import semver from 'semver';
import { firstKnown, lastKnown } from './sweep/releases.ts';

// Values of the options that name a release of Calico, as it is tagged or without its v.

/** A release as it is tagged; throws when it is none that Dikastes can be asked of. */
export function releaseOf(value: string): string {
  const version = semver.valid(value);
  // Newer releases than are known are welcome: what they do otherwise is what is looked for.
  if (version !== null && semver.gte(version, firstKnown)) return `v${version}`;
  throw new InvalidArgumentError(`It must be a release from ${firstKnown} on, such as v3.31.7.`);
}

/** A release as it is tagged; throws when it is none, or none whose deviations are known. */
export function readRelease(value: string): string {
  const version = semver.valid(value);
  // What later releases break is not known yet.
  const known = `${firstKnown} - ${lastKnown}`;
  if (version === null || semver.prerelease(version) || !semver.satisfies(version, known)) {
    throw new InvalidArgumentError(
      `It must be a release from ${firstKnown} to ${lastKnown}, such as v3.31.7.`,
    );
  }
  return `v${version}`;
}

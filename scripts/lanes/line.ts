import semver from 'semver';

/** The line that a release belongs to: `3.32` of `v3.32.1`. */
export function lineOf(release: string): string {
  const { major, minor } = semver.parse(release, { loose: true }) ?? semver.coerce(release) ?? fail(release);
  return `${major}.${minor}`;
}

/** Older first. */
export function compareLines(a: string, b: string): number {
  return semver.compare(`${a}.0`, `${b}.0`);
}

function fail(release: string): never {
  throw new Error(`${release} is no release`);
}

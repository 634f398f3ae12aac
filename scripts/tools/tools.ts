import semver from 'semver';

export type ToolName = 'kind' | 'istioctl';

/** What there is to know of a program that a run starts. */
export interface Tool {
  /** Arguments that make it say its version. */
  versionArguments: string[];
  /** The version in what it then says, as it is tagged; undefined when there is none in it. */
  readVersion: (said: string) => string | undefined;
  /** Whether the version at hand does for the one that is wanted. */
  fits: (atHand: string, wanted: string) => boolean;
  /** Where a release can be downloaded for a platform; undefined when it is not released for it. */
  released: (version: string, platform: string) => Release | undefined;
}

export interface Release {
  url: string;
  /** The program's name in the archive; undefined when the download is the program itself. */
  member?: string;
}

const unix = /^(linux|darwin)-(amd64|arm64)$/;

/** Where Istio's releases have a word of their own (release/downloadIstioCtl.sh). */
const istioPlatforms: Record<string, string> = { 'darwin-amd64': 'osx', 'darwin-arm64': 'osx-arm64' };

export const tools: Record<ToolName, Tool> = {
  kind: {
    versionArguments: ['version'],
    readVersion: (said) => /\bv\d+\.\d+\.\d+[\w.+-]*/.exec(said)?.[0],
    // A later patch of the same line makes the same clusters.
    fits: (atHand, wanted) => semver.satisfies(atHand, `~${wanted.replace(/^v/, '')}`),
    released: (version, platform) =>
      unix.test(platform)
        ? { url: `https://github.com/kubernetes-sigs/kind/releases/download/${version}/kind-${platform}` }
        : undefined,
  },
  istioctl: {
    versionArguments: ['version', '--remote=false', '-o', 'json'],
    readVersion: (said) => /"version":\s*"([^"]+)"/.exec(said)?.[1],
    // It installs the Istio of its own version.
    fits: (atHand, wanted) => atHand === wanted,
    released: (version, platform) =>
      unix.test(platform)
        ? {
            url: `https://github.com/istio/istio/releases/download/${version}/istioctl-${version}-${istioPlatforms[platform] ?? platform}.tar.gz`,
            member: 'istioctl',
          }
        : undefined,
  },
};

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import semver from 'semver';
import { stringify } from 'yaml';
import { ampleMs, test as base } from '../fixture.ts';
import { type Said, type Shell, shell } from './shell.ts';

/** WebSockets carry its exec since this release (Kubernetes enhancement 4006), and SPDY is not served here. */
const oldest = '1.31.0';

/** Tests that type commands for `kubectl` into a shell; all are skipped where there is none to be used. */
export const test = base.extend<
  { $: Shell; usable: undefined },
  { unusable: string | undefined; home: string }
>({
  /** Why kubectl cannot be used; undefined when it can. */
  unusable: [async ({}, use) => use(await whyUnusable()), { scope: 'worker' }],

  /** What kubectl keeps there is what it has discovered, which is the same for all tests on a mesh. */
  home: [
    async ({}, use, { project, workerIndex }) => {
      const home = join(project.outputDir, `kubectl-${workerIndex}`);
      mkdirSync(home, { recursive: true });
      await use(home);
    },
    { scope: 'worker' },
  ],

  usable: [
    async ({ unusable }, use) => {
      // biome-ignore lint/suspicious/noSkippedTests: kubectl is no part of the project, and a machine may lack it.
      test.skip(unusable !== undefined, unusable);
      await use(undefined);
    },
    { auto: true },
  ],

  $: async ({ kubeconfig, home }, use) => use(shell({ kubeconfig, home, timeoutMs: ampleMs })),
});

async function whyUnusable(): Promise<string | undefined> {
  const { stdout, failed } = await execa({ reject: false })`kubectl version --client -o json`;
  if (failed) return `no kubectl on the PATH tells its version; these tests want ${oldest} or newer`;
  const { gitVersion } = (JSON.parse(stdout) as { clientVersion: { gitVersion: string } }).clientVersion;
  const version = semver.coerce(gitVersion);
  if (version !== null && semver.gte(version, oldest)) return undefined;
  return `the kubectl on the PATH is ${gitVersion}; these tests want ${oldest} or newer`;
}

/** Objects as a file of manifests. */
export function yaml(...objects: object[]): string {
  return objects.map((object) => stringify(object)).join('---\n');
}

/** What a command says that does what it should. */
export function success(stdout: string): Said {
  return { status: 0, stdout, stderr: '' };
}

/** What a command says that does nothing. */
export function failure(stderr: string): Said {
  return { status: 1, stdout: '', stderr };
}

import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { FakeApi } from '../cluster/fake-api.ts';
import { test as base } from '../cluster/fixture.ts';
import { type Ended, suiteParts } from '../suite-copy.ts';
import { makeSound } from './sound-cluster.ts';

const root = join(import.meta.dirname, '..', '..');

type Verb = 'conformance' | 'doctor' | 'down' | 'reference' | 'bench' | 'differential' | 'docs' | 'check';

export interface Suite {
  folder: string;
  /** Whether anything of a run was written. */
  hasState: () => boolean;
  /** Runs a verb as a process of its own, without a terminal, kubeconfig or anything on PATH. */
  run: (verb: Verb, ...args: string[]) => Promise<Ended>;
  /** Starts one and leaves it running. */
  start: (verb: Verb, ...args: string[]) => ReturnType<typeof start>;
}

/** A verb as a process of its own, without a terminal, kubeconfig or anything on PATH. */
function start(folder: string, verb: Verb, args: readonly string[]) {
  return execa(process.execPath, [join(folder, 'scripts', `${verb}.ts`), ...args], {
    cwd: folder,
    env: {
      HOME: folder,
      USERPROFILE: folder,
      PATH: join(folder, 'nothing'),
      // The second process and all that follow start in two thirds of the time.
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
}

/**
 * Tests of the verbs. They run in a copy of the suite, so that no test ever sees, or puts back, what a real run of
 * this checkout has left.
 */
export const test = base.extend<{ sound: FakeApi; kubeconfig: string }, { suite: Suite }>({
  suite: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'alp-conformance-'));
      for (const part of suiteParts) cpSync(join(root, part), join(folder, part), { recursive: true });
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
      await use({
        folder,
        hasState: () =>
          existsSync(join(folder, '.state', 'runs')) &&
          readdirSync(join(folder, '.state', 'runs')).length > 0,
        start: (verb, ...args) => start(folder, verb, args),
        run: async (verb, ...args) => {
          const { exitCode, stdout, stderr } = await start(folder, verb, args);
          return { status: exitCode ?? -1, stdout, stderr };
        },
      });
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  sound: async ({ api }, use) => {
    makeSound(api);
    await use(api);
  },

  kubeconfig: async ({ api }, use, info) => {
    const file = info.outputPath('kubeconfig');
    writeFileSync(file, JSON.stringify(api.kubeConfigFile()));
    await use(file);
  },
});

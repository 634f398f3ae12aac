import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../../../fixtures/usage-error.ts';
import { releaseOf } from '../calico-release.ts';
import { parseCommandLine, wholeNumber } from '../command-line.ts';

export interface DifferentialArguments {
  release: string;
  /** As it was given, for the command that repeats it. */
  dikastes?: string;
  /** The file; the release's own image when absent. */
  binary?: string;
  questions: number;
  seed: number;
  /** Where to write the answers, instead of comparing them. */
  record?: string;
}

/**
 * Reads the command line.
 *
 * @returns undefined when help was asked for and has been printed.
 * @throws UsageError with one sentence, for whatever does not make sense.
 */
export function readArguments(
  argv: readonly string[],
  from = process.env.INIT_CWD ?? process.cwd(),
): DifferentialArguments | undefined {
  const program = new Command('npm run differential --')
    .description(
      'Asks a Dikastes thousands of generated questions, and compares its answers with what is expected of its release.',
    )
    .requiredOption('--calico <version>', 'its release', releaseOf)
    .option(
      '--dikastes <file>',
      "an executable file, or a pattern such as /opt/dikastes-{version} (default: the release's image)",
    )
    .option('--questions <n>', 'how many, at least', wholeNumber(1, 10_000_000), 2000)
    .option(
      '--seed <n>',
      'what they are drawn by (default: another each time)',
      wholeNumber(-0x8000_0000, 0x7fff_ffff),
    )
    .option('--record <file>', 'write the answers there, instead of comparing them');
  if (!parseCommandLine(program, argv)) return undefined;
  const { calico, dikastes, questions, seed, record } = program.opts<{
    calico: string;
    dikastes?: string;
    questions: number;
    seed?: number;
    record?: string;
  }>();
  return {
    release: calico,
    ...(dikastes !== undefined && dikastesOf(dikastes, calico, from)),
    questions,
    seed: seed ?? randomSeed(),
    ...(record !== undefined && { record: recordOf(resolve(from, record)) }),
  };
}

/** A pattern, as `npm run sweep` takes it, has `{version}` for the release, which files name with or without a `v`. */
function dikastesOf(dikastes: string, release: string, from: string) {
  const files = [release, release.slice(1)].map((name) =>
    resolve(from, dikastes.replaceAll('{version}', name)),
  );
  const binary = files.find((file) => existsSync(file));
  if (binary === undefined) throw new UsageError(`--dikastes names no file: there is no ${files[0]}.`);
  return { dikastes, binary };
}

/** To be found out before thousands of questions are asked. */
function recordOf(file: string): string {
  if (existsSync(dirname(file))) return file;
  throw new UsageError(`--record has no folder to write to: there is no ${dirname(file)}.`);
}

function randomSeed(): number {
  return Math.floor(Math.random() * 0x7fff_ffff);
}

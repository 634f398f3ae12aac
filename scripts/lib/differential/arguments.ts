import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import semver from 'semver';
import { UsageError } from '../../../fixtures/usage-error.ts';

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

export const usage =
  'npm run differential -- --calico VERSION [--dikastes FILE|PATTERN] [--questions N] [--seed S] [--record FILE]';

/**
 * Reads the command line.
 *
 * @returns undefined when help was asked for.
 * @throws UsageError
 */
export function readArguments(
  argv: readonly string[],
  from = process.env.INIT_CWD ?? process.cwd(),
): DifferentialArguments | undefined {
  const values = parse(argv);
  if (values.help) return undefined;
  if (values.calico === undefined) throw wrong('--calico is missing: which release is it?');
  const release = releaseOf(values.calico);
  return {
    release,
    ...(values.dikastes !== undefined && dikastesOf(values.dikastes, release, from)),
    questions: numberOf('--questions', values.questions ?? '2000', 1, 10_000_000),
    seed: numberOf('--seed', values.seed ?? String(randomSeed()), -0x8000_0000, 0x7fff_ffff),
    ...(values.record !== undefined && { record: recordOf(resolve(from, values.record)) }),
  };
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const help = { type: 'boolean' } as const;
  const options = { calico: text, dikastes: text, questions: text, seed: text, record: text, help };
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function releaseOf(value: string): string {
  const release = semver.valid(value);
  // Newer releases than are known are welcome: what they do otherwise is what is looked for.
  if (release !== null && semver.gte(release, '3.24.0')) return `v${release}`;
  throw wrong('--calico takes a release from v3.24.0 on, such as v3.32.1.');
}

/** A pattern, as `npm run sweep` takes it, has `{version}` for the release, which files name with or without a `v`. */
function dikastesOf(dikastes: string, release: string, from: string) {
  const files = [release, release.slice(1)].map((name) =>
    resolve(from, dikastes.replaceAll('{version}', name)),
  );
  const binary = files.find((file) => existsSync(file));
  if (binary === undefined) throw wrong(`--dikastes names no file: there is no ${files[0]}.`);
  return { dikastes, binary };
}

/** To be found out before thousands of questions are asked. */
function recordOf(file: string): string {
  if (existsSync(dirname(file))) return file;
  throw wrong(`--record has no folder to write to: there is no ${dirname(file)}.`);
}

function numberOf(flag: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (!/^-?\d+$/.test(value) || number < least || number > most) {
    throw wrong(`${flag} takes a whole number from ${least} to ${most}.`);
  }
  return number;
}

function randomSeed(): number {
  return Math.floor(Math.random() * 0x7fff_ffff);
}

function wrong(sentence: string): UsageError {
  return new UsageError(`${sentence} (usage: ${usage})`);
}

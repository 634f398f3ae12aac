import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../../fixtures/usage-error.ts';

/**
 * Reads the arguments of a verb.
 *
 * @returns false when help was asked for and has been printed.
 * @throws UsageError with one sentence, for whatever the program does not take.
 */
export function parseCommandLine(program: Command, argv: readonly string[]): boolean {
  program
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  try {
    program.parse(argv, { from: 'user' });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    const sentence = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
    throw new UsageError(`${sentence} (see --help)`);
  }
}

/** An option whose values add up. */
export function severalTimes(flags: string, description: string, without = 'none'): Option {
  return new Option(flags, description)
    .argParser((value: string, previous: string[]) => [...previous, value])
    .default([], without);
}

/** Reads a whole number within bounds, which are included. */
export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^-?\d+$/.test(value) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}

/** A number of workers. */
export const positive = wholeNumber(1, 99);

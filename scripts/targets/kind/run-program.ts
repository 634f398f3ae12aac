import { basename } from 'node:path';
import { execa } from 'execa';
import { lastOf } from '../../lib/last-words.ts';
import { signalGroup } from '../../lib/signal-group.ts';
import { UnfitError } from '../unfit-error.ts';

/** A program that was needed could not be run, or failed; the message has the last that it said. Exit status 3. */
export class ProgramError extends UnfitError {
  /** All that it wrote to its standard error. */
  readonly said: string;

  constructor(message: string, said = '') {
    super(message);
    this.said = said;
  }
}

export interface ProgramOptions {
  /** Ends it, and all that it has started. */
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Beside this process's own. */
  env?: Record<string, string>;
  /** Told of its process while it lives; what it gives back is called once that has ended. */
  onStart?: (pid: number) => () => void;
}

/** How long a program has between being asked to end and being ended. */
const graceMs = 5_000;

/**
 * Runs a program to its end. What it writes to its standard error is no sign of failure, its status is.
 *
 * @throws ProgramError when it cannot be run, fails or takes too long; the signal's reason when it was aborted.
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  { signal, timeoutMs = 600_000, env, onStart = () => () => {} }: ProgramOptions = {},
): Promise<{ stdout: string; stderr: string }> {
  signal?.throwIfAborted();
  const name = [basename(file), ...wordsOf(args)].join(' ');
  const expiry = AbortSignal.timeout(timeoutMs);
  const child = execa(file, args, {
    reject: false,
    stdin: 'ignore',
    ...(env !== undefined && { env }),
    // Out of the terminal's reach: an interrupt is for us to pass on, and for us to clean up after.
    detached: process.platform !== 'win32',
    cleanup: false,
  });
  const forget = child.pid === undefined ? () => {} : onStart(child.pid);
  const ending = new AbortController();
  const end = () => endGroup(child.pid, ending.signal);
  const both = signal === undefined ? expiry : AbortSignal.any([signal, expiry]);
  both.addEventListener('abort', end, { once: true });
  const { failed, code, exitCode, signal: killer, stdout, stderr } = await child;
  both.removeEventListener('abort', end);
  ending.abort();
  forget();
  signal?.throwIfAborted();
  if (expiry.aborted) {
    throw new ProgramError(`${name} did not end within ${timeoutMs / 1000} s${lastOf(stderr)}`, stderr);
  }
  if (!failed) return { stdout, stderr };
  if (code === 'ENOENT') throw new ProgramError(`There is no program ${file}.`);
  const status = exitCode === undefined ? `signal ${killer}` : `status ${exitCode}`;
  throw new ProgramError(`${name} failed (${status})${lastOf(stderr || stdout)}`, stderr);
}

/** Asks a program and all that it has started to end, and ends what has not done so in time. */
function endGroup(pid: number | undefined, ended: AbortSignal): void {
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
  ended.addEventListener('abort', () => clearTimeout(force), { once: true });
}

/** What a program was told to do: `create cluster`, without its options. */
function wordsOf(args: readonly string[]): string[] {
  const options = args.findIndex((argument) => argument.startsWith('-'));
  return args.slice(0, Math.min(options === -1 ? args.length : options, 2));
}

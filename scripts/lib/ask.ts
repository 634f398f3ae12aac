import { createInterface } from 'node:readline';
import { UsageError } from '../../fixtures/usage-error.ts';

/** Puts a question to a person; an empty answer when none is given. */
export type Ask = (question: string) => Promise<string>;

/** Where a person is asked: the terminal, but in tests. */
export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream;
}

/**
 * Asks on the terminal. Ctrl-C, the end of input, and an interrupt from elsewhere are an empty answer.
 *
 * @throws UsageError when nobody sits there.
 */
export async function askOnTerminal(
  question: string,
  signal: AbortSignal,
  { input, output }: Terminal = { input: process.stdin, output: process.stdout },
): Promise<string> {
  if (input.isTTY !== true) {
    throw new UsageError('There is no terminal to ask on; give --yes to let the run change the cluster.');
  }
  const terminal = createInterface({ input, output, signal });
  const { promise, resolve } = Promise.withResolvers<string>();
  terminal.once('close', () => resolve('')).question(question, resolve);
  const answer = await promise;
  terminal.close();
  return answer;
}

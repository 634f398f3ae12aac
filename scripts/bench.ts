import { parseArgs } from 'node:util';
import { UsageError } from '../fixtures/usage-error.ts';
import { verb } from './lib/verb.ts';

await verb(async (signal) => {
  const { runs } = readArguments();
  const { benchReference } = await import('./lib/bench-reference.ts');
  return benchReference(runs, signal);
});

function readArguments(): { runs: number } {
  let runs: string;
  try {
    runs = parseArgs({ options: { runs: { type: 'string', default: '1' } } }).values.runs;
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (usage: npm run bench [-- --runs N])`);
  }
  if (!/^[1-9]\d{0,2}$/.test(runs)) throw new UsageError('--runs takes a number from 1 to 999.');
  return { runs: Number(runs) };
}

import { parseArgs } from 'node:util';
import { UsageError } from '../fixtures/usage-error.ts';
import { verb } from './lib/verb.ts';

const usage = `npm run bench [-- --runs N]

Runs core on the reference mesh and prints where the time goes.
  --runs N  so many times in a row, comparing their outcomes (1 to 999)`;

await verb(async (signal) => {
  const { runs, help } = readArguments();
  if (help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const { benchReference } = await import('./lib/bench-reference.ts');
  return benchReference(runs, signal);
});

function readArguments(): { runs: number; help: boolean } {
  const options = {
    runs: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    const { runs, help } = parseArgs({ options }).values;
    if (!/^[1-9]\d{0,2}$/.test(runs)) throw new Error(`--runs takes a number from 1 to 999, not "${runs}"`);
    return { runs: Number(runs), help };
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (see --help)`);
  }
}

import { writeFileSync } from 'node:fs';
import { startDikastes } from '../fixtures/dikastes/dikastes.ts';
import { type DifferentialArguments, readArguments } from './lib/differential/arguments.ts';
import { compare } from './lib/differential/compare.ts';
import { record } from './lib/differential/record.ts';
import { encode } from './lib/differential/recording.ts';
import { differenceText } from './lib/differential/report.ts';
import { verb } from './lib/verb.ts';
import { checkWritable } from './lib/writable.ts';

// Asks a real Dikastes thousands of generated questions, and compares with what its release is expected to answer.
await verb(async (signal) => {
  const wanted = readArguments(process.argv.slice(2));
  if (wanted === undefined) return 0;
  const { release, binary, questions, seed } = wanted;
  if (wanted.record !== undefined) checkWritable('--record', wanted.record);
  const dikastes = await startDikastes({ binary, release });
  try {
    if (wanted.record !== undefined) {
      const recording = await record(dikastes, { release, questions, seed, signal });
      writeFileSync(wanted.record, encode(recording));
      process.stdout.write(`What ${release} answered is in ${wanted.record}.\n`);
      return 0;
    }
    const started = performance.now();
    const comparison = await compare(dikastes, { release, questions, seed, signal });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const counts = `${comparison.questions} questions in ${comparison.cases} cases, ${seconds} s, seed ${seed}`;
    if (comparison.difference === undefined) {
      process.stdout.write(`${release} answers as expected: ${counts}.\n`);
      return 0;
    }
    process.stdout.write(`${differenceText(comparison.difference, release, repeating(wanted))}\n`);
    process.stdout.write(`${release} answers otherwise than expected: ${counts}.\n`);
    return 1;
  } finally {
    await dikastes.close();
  }
});

function repeating({ release, dikastes, questions, seed }: DifferentialArguments): string {
  const which = dikastes === undefined ? '' : ` --dikastes '${dikastes}'`;
  return `npm run differential -- --calico ${release}${which} --questions ${questions} --seed ${seed}`;
}

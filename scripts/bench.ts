import { Command, Option } from 'commander';
import { parseCommandLine, positive } from './lib/command-line.ts';
import { verb } from './lib/verb.ts';

/** The first argument that asks for decisions to be counted, on the target that the others say. */
const decisions = 'decisions';

await verb(async (signal) => {
  const argv = process.argv.slice(2);
  if (argv[0] === decisions) {
    const { readDecisionsOptions } = await import('./lib/bench/options.ts');
    const options = readDecisionsOptions(argv.slice(1));
    if (options === undefined) return 0;
    const { benchDecisions } = await import('./lib/bench/on-cluster.ts');
    return benchDecisions(options, signal);
  }
  const program = new Command('npm run bench --')
    .description(
      `Runs a profile on the reference mesh and prints where the time goes. "npm run bench -- ${decisions}" counts instead how many requests one pod gets decided in a second, on the reference mesh, a kind cluster or a cluster of yours; "npm run bench -- ${decisions} --help" tells its options.`,
    )
    .option('--runs <n>', 'so many times in a row, comparing their outcomes', positive, 1)
    .addOption(
      new Option('--profile <profile>', 'what to run').choices(['core', 'extended']).default('core'),
    );
  if (!parseCommandLine(program, argv)) return 0;
  const { runs, profile } = program.opts<{ runs: number; profile: 'core' | 'extended' }>();
  const { benchReference } = await import('./lib/bench/wall-time.ts');
  return benchReference({ runs, profile }, signal);
});

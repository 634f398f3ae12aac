import { Command } from 'commander';
import { UsageError } from '../../fixtures/usage-error.ts';
import { parseCommandLine } from '../lib/command-line.ts';
import type { Options } from '../lib/options.ts';
import { bundleHasNode, shared } from '../lib/shared-options.ts';
import { withWholePaths } from '../lib/whole-paths.ts';

const forBoth = ['ingress', 'istioctl', 'dikastesImage', 'agentImage', 'browser'] as const;
const forKind = ['lane', 'bundle', 'nodeImage', 'kind'] as const;
const forContext = ['kubeconfig', 'gateway', 'revision', 'pullSecret', 'meshCa'] as const;

/** What a person asked of `doctor`: the options of `conformance` that change what it needs. */
export type DoctorOptions = Partial<
  Pick<Options, 'context' | (typeof forBoth | typeof forKind | typeof forContext)[number]>
>;

/**
 * Reads the command line of `doctor`.
 *
 * @returns undefined when help was asked for and has been printed.
 * @throws UsageError with one sentence, for whatever does not make sense.
 */
export function readDoctorOptions(argv: readonly string[]): DoctorOptions | undefined {
  const program = new Command('npm run doctor --').description(
    'Says whether this machine can make a kind cluster for the suite, or with --context whether that cluster can take a run, and what to do about each thing missing. Changes nothing.',
  );
  for (const name of ['context', ...forContext, ...forKind, ...forBoth] as const) {
    program.addOption(shared[name]());
  }
  if (!parseCommandLine(program, argv)) return undefined;
  const options = withWholePaths(program.opts<DoctorOptions>());
  const given = (name: string) => program.getOptionValueSource(name) === 'cli';
  const flag = (name: string) => program.options.find((one) => one.attributeName() === name)?.long;
  const misplaced = (options.context === undefined ? forContext : forKind).find(given);
  if (misplaced !== undefined) {
    throw new UsageError(
      options.context === undefined
        ? `${flag(misplaced)} is for a cluster that is there already: name its context with --context, or leave it out.`
        : `${flag(misplaced)} is for a cluster that is yet to be made, and --context names one that is there: leave one out.`,
    );
  }
  if (given('bundle') && given('nodeImage')) throw new UsageError(bundleHasNode);
  return options;
}

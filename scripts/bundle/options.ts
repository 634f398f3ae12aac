import { resolve } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../../fixtures/usage-error.ts';
import { laneNamed } from '../lanes/lane.ts';
import { parseCommandLine, severalTimes } from '../lib/command-line.ts';
import { shared } from '../lib/shared-options.ts';
import type { MakeOptions } from './make-bundle.ts';

/**
 * Reads the command line of `bundle`.
 *
 * @returns undefined when help was asked for and has been printed.
 * @throws UsageError with one sentence, for whatever does not make sense.
 */
export function readBundleOptions(
  argv: readonly string[],
  from = process.env.INIT_CWD ?? process.cwd(),
): Omit<MakeOptions, 'tell' | 'signal'> | undefined {
  const program = new Command('npm run bundle --')
    .description('Puts all that a run on a lane needs into one folder: images, manifests and programs.')
    .addOption(shared.lane('the lane of versions.yaml (default: current)'))
    .option('--output <folder>', 'where the bundle goes: a new folder, or that of an earlier bundle')
    .option('--from-archives <folder>', 'take images from these docker archives; only the others are pulled')
    .option('--manifests <folder>', 'take pinned manifests from here; only the others are downloaded')
    .addOption(shared.registry('pull from this registry, which has all images under their own paths'))
    .addOption(shared.nodeImage('nodes of another patch of Kubernetes, such as kindest/node:v1.34.4'))
    .addOption(shared.agentImage('another image with Node 24 for the probing pods'))
    .addOption(shared.dikastesImage("an image of Dikastes for runs that name it, beside the lane's own"))
    .addOption(severalTimes('--istio-arg <argument>', 'what the run will pass on to istioctl install'));
  if (!parseCommandLine(program, argv)) return undefined;
  const { lane = 'current', output, fromArchives, manifests, ...options } = program.opts();
  if (output === undefined) throw new UsageError('Say where the bundle goes: --output FOLDER (see --help)');
  const whole = (path: string | undefined) => (path === undefined ? undefined : resolve(from, path));
  return {
    ...options,
    istioArg: options.istioArg as string[],
    lane: laneNamed(lane),
    output: resolve(from, output),
    fromArchives: whole(fromArchives),
    manifests: whole(manifests),
  };
}

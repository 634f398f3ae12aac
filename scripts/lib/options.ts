import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { UsageError } from '../../fixtures/usage-error.ts';
import { type Profile, profiles } from '../../specs/selection.ts';
import { askedFor } from './asked.ts';
import { readRelease, releaseOf } from './calico-release.ts';
import { parseCommandLine, positive, severalTimes, wholeNumber } from './command-line.ts';
import { bundleHasNode, shared } from './shared-options.ts';
import { withWholePaths } from './whole-paths.ts';

/** What a person asked of `conformance`. */
export interface Options {
  target: 'reference' | 'kind' | 'existing' | 'dikastes';
  /** The versions that a kind cluster is made with: a name in `versions.yaml`. */
  lane?: string;
  /** A folder of everything that a lane needs, so that the network is left alone. */
  bundle?: string;
  /** A registry that mirrors all others. */
  registry?: string;
  nodeImage?: string;
  /** An executable kind. */
  kind?: string;
  /** The release whose known deviations are laid over the reference mesh, or of the Dikastes. */
  calico?: string;
  dikastes?: string;
  envoy?: string;
  install?: boolean;
  kubeconfig?: string;
  context?: string;
  profile: Profile;
  area: string[];
  requirement: string[];
  /** An earlier run, by its id, folder or report. */
  resume?: string;
  list?: boolean;
  yes?: boolean;
  /** What others on the cluster feel of a run is accepted. */
  bystanders?: boolean;
  keep?: boolean;
  strict?: boolean;
  ingress?: string;
  gateway?: string;
  revision?: string;
  pullSecret?: string;
  boutique?: string;
  istioctl?: string;
  /** The mesh's certificate authority may sign for the suite. */
  meshCa?: boolean;
  istioArg: string[];
  dikastesImage?: string;
  workers: number;
  seed: number;
  agentImage?: string;
  browser?: string;
  output?: string;
}

/** Options for a cluster, or for what is one to all that follows; Dikastes alone is none. */
export type ClusterOptions = Options & { target: Exclude<Options['target'], 'dikastes'> };

/** A verb that takes these options. */
export interface Verb {
  /** As it is typed. */
  name: string;
  description: string;
  targets: readonly Options['target'][];
  /** Options that have no say in it: its help leaves them out, and they are wrong usage. */
  without: readonly (keyof Options)[];
}

const conformance: Verb = {
  name: 'npm run conformance --',
  description:
    'Proves application layer policy with Istio and Calico: on the reference mesh that comes with the suite, on a kind cluster that it makes, or on a cluster of yours, which is put back at the end.',
  targets: ['reference', 'kind', 'existing', 'dikastes'],
  without: [],
};

/**
 * Reads the command line.
 *
 * @returns undefined when help was asked for and has been printed.
 * @throws UsageError with one sentence, for whatever does not make sense.
 */
export function readOptions(argv: readonly string[], verb = conformance): Options | undefined {
  const program = new Command(verb.name)
    .description(verb.description)
    .addOption(
      new Option('--target <target>', 'where to run').choices([...verb.targets]).default('reference'),
    )
    .option(
      '--calico <version>',
      'reference: break what this release of Calico is known to break; dikastes: its release',
      releaseOf,
    )
    .addOption(shared.lane())
    .addOption(shared.bundle())
    .addOption(shared.registry())
    .addOption(shared.nodeImage())
    .addOption(shared.kind())
    .option('--dikastes <file>', 'an executable Dikastes (default: the image of its release)')
    .option(
      '--envoy <file>',
      'an executable Envoy to ask Dikastes through (default: the suite asks as Envoy would)',
    )
    .addOption(shared.kubeconfig())
    .addOption(shared.context())
    .addOption(new Option('--profile <profile>', 'what to prove').choices([...profiles]).default('core'))
    .addOption(severalTimes('--area <area>', 'of it only this area; may be given several times', 'all'))
    .addOption(severalTimes('--requirement <id>', 'only this requirement; may be given several times', 'all'))
    .option(
      '--resume <run>',
      'go on with an earlier run on the same cluster, by its id, folder or report.yaml: what passed there is carried over',
    )
    .option('--list', 'print what would be proven, and end; with a context, the cluster is asked')
    .option('--yes', 'do not ask before changing the cluster')
    .option('--bystanders', "with --yes: go on where others' pods of the mesh will deny or refuse meanwhile")
    .option(
      '--keep',
      'leave the mesh as it is at the end; `npm run down` puts it back. A kind cluster stays with it, and the next run with --keep takes it up',
    )
    .option('--strict', 'end with status 3 when something was skipped for want of a means')
    .addOption(shared.ingress())
    .addOption(shared.gateway())
    .addOption(shared.revision())
    .option('--boutique <file>', 'the released manifest of Online Boutique, instead of downloading it')
    .addOption(shared.istioctl())
    .addOption(
      severalTimes('--istio-arg <argument>', 'passed on to istioctl install; may be given several times'),
    )
    .addOption(shared.meshCa())
    .addOption(shared.dikastesImage())
    .addOption(shared.agentImage())
    .addOption(shared.pullSecret())
    .option('--seed <n>', 'what generated cases are drawn by', wholeNumber(0, 999_999_999), 1)
    .option(
      '--workers <n>',
      'how many requirements are proven at once (default: 3; on kind no more than this machine has processors)',
      positive,
    )
    .addOption(shared.browser())
    .option('--install', 'install a browser for Playwright where none is found (always done in CI)')
    .option('--output <folder>', 'where the reports go (default: in the folder of the run, below .state)');
  const senseless = program.options.filter((option) =>
    verb.without.some((name) => name === option.attributeName()),
  );
  for (const option of senseless) option.hideHelp();
  if (!parseCommandLine(program, argv)) return undefined;
  const unheard = senseless.find((option) => program.getOptionValueSource(option.attributeName()) === 'cli');
  if (unheard !== undefined) {
    throw new UsageError(`${unheard.long} has no say in \`${verb.name}\`: leave it out (see --help)`);
  }
  const options = withWholePaths(program.opts<Options>());
  options.workers ??= workersOn(options.target);
  const misplaced = Object.entries(onlyWith[options.target]).find(
    ([name]) => program.getOptionValueSource(name) === 'cli',
  );
  if (misplaced !== undefined) throw new UsageError(misplaced[1]);
  const given = (name: keyof Options) => program.getOptionValueSource(name) === 'cli';
  if (options.target === 'kind' && given('resume') && !given('keep')) {
    throw new UsageError('--resume goes on with the same cluster, which only --keep has left: add --keep.');
  }
  const quarrel = quarrels.find(({ options: both }) => both.every(given));
  if (quarrel !== undefined) throw new UsageError(quarrel.sentence);
  if (options.target === 'reference' && options.calico !== undefined) checkKnown(options.calico);
  // It says what does not make sense before anything is opened.
  askedFor(options);
  return options;
}

/**
 * Requirements mostly wait, so that three at once fit where nothing but the suite runs. On kind the cluster has the same
 * processors, and each worker a sandbox whose Dikastes are probed all the while.
 */
function workersOn(target: Options['target']): number {
  return target === 'kind' ? Math.min(3, availableParallelism()) : 3;
}

/** Options that make no sense beside each other. */
const quarrels: { options: (keyof Options)[]; sentence: string }[] = [
  {
    options: ['requirement', 'profile'],
    sentence: '--requirement names all that is to be proven, so that --profile has no say: leave one out.',
  },
  {
    options: ['requirement', 'area'],
    sentence: '--requirement names all that is to be proven, so that --area has no say: leave one out.',
  },
  {
    options: ['list', 'resume'],
    sentence: '--list prints what was asked for, whatever an earlier run has proven: leave --resume out.',
  },
  {
    options: ['bundle', 'registry'],
    sentence: 'With --bundle nothing is pulled, so that --registry has no say: leave one out.',
  },
  {
    options: ['bundle', 'nodeImage'],
    sentence: bundleHasNode,
  },
];

const forClusters = (flag: string) =>
  `${flag} is for a cluster, and there is none of yours in this run: add --target existing, or leave it out.`;
const forDikastes = (flag: string) =>
  `${flag} is for Dikastes alone: add --target dikastes, or leave it out.`;
const forKind = (flag: string) =>
  `${flag} is for a cluster that is made for the run: add --target kind, or leave it out.`;
const ofKind = {
  lane: forKind('--lane'),
  bundle: forKind('--bundle'),
  registry: forKind('--registry'),
  nodeImage: forKind('--node-image'),
  kind: forKind('--kind'),
};
const notYours = (flag: string) =>
  `${flag} is for a cluster that is there already: add --target existing, or leave it out.`;
const ofClusters = {
  kubeconfig: forClusters('--kubeconfig'),
  context: forClusters('--context'),
  ingress: forClusters('--ingress'),
  gateway: forClusters('--gateway'),
  revision: forClusters('--revision'),
  pullSecret: forClusters('--pull-secret'),
  bystanders: forClusters('--bystanders'),
  boutique: forClusters('--boutique'),
  istioctl: forClusters('--istioctl'),
  istioArg: forClusters('--istio-arg'),
  dikastesImage: forClusters('--dikastes-image'),
  meshCa: forClusters('--mesh-ca'),
  agentImage: forClusters('--agent-image'),
};

/** Options that make no sense with a target, each with the sentence that says so. */
const onlyWith: Record<Options['target'], Partial<Record<keyof Options, string>>> = {
  reference: {
    ...ofClusters,
    ...ofKind,
    dikastes: forDikastes('--dikastes'),
    envoy: forDikastes('--envoy'),
    keep: 'The reference mesh ends with its run, so --keep has nothing to keep; `npm run reference` starts one that stays.',
    resume:
      'Every run has a reference mesh of its own, so --resume has none to go on with; `npm run reference` starts one that stays.',
  },
  dikastes: {
    ...ofClusters,
    ...ofKind,
    keep: 'Dikastes alone ends with its run, so --keep has nothing to keep.',
    resume: 'Dikastes alone ends with its run, so --resume has none to go on with.',
    browser: 'No browser takes part on Dikastes alone: leave --browser out.',
    install: 'No browser takes part on Dikastes alone: leave --install out.',
  },
  kind: {
    kubeconfig: notYours('--kubeconfig'),
    context: notYours('--context'),
    gateway: notYours('--gateway'),
    revision: notYours('--revision'),
    pullSecret: notYours('--pull-secret'),
    bystanders: notYours('--bystanders'),
    dikastes: forDikastes('--dikastes'),
    envoy: forDikastes('--envoy'),
    calico: "The release of Calico is its lane's: name another one with --lane, and leave --calico out.",
  },
  existing: {
    ...ofKind,
    dikastes: forDikastes('--dikastes'),
    envoy: forDikastes('--envoy'),
    calico:
      '--calico says what the reference mesh shall break; a cluster has the release that is installed on it.',
  },
};

function checkKnown(calico: string): void {
  try {
    readRelease(calico);
  } catch (error) {
    throw new UsageError(`--calico ${calico}: ${(error as Error).message} (see --help)`);
  }
}

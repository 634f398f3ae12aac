import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import semver from 'semver';
import { UsageError } from '../../fixtures/usage-error.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { type Profile, profiles } from '../../specs/selection.ts';
import { parseCommandLine, positive, severalTimes } from './command-line.ts';

/** What a person asked of `conformance`. */
export interface Options {
  target: 'reference' | 'existing' | 'dikastes';
  /** The release whose known deviations are laid over the reference mesh, or of the Dikastes. */
  calico?: string;
  dikastes?: string;
  envoy?: string;
  install?: boolean;
  kubeconfig?: string;
  context?: string;
  profile: Profile;
  requirement: string[];
  list?: boolean;
  yes?: boolean;
  keep?: boolean;
  strict?: boolean;
  ingress?: string;
  boutique?: string;
  istioctl?: string;
  istioArg: string[];
  dikastesImage?: string;
  workers: number;
  agentImage: string;
  browser?: string;
  output?: string;
}

/**
 * Reads the command line.
 *
 * @returns undefined when help was asked for and has been printed.
 * @throws UsageError with one sentence, for whatever does not make sense.
 */
export function readOptions(argv: readonly string[]): Options | undefined {
  const program = new Command('npm run conformance --')
    .description(
      'Proves application layer policy with Istio and Calico: on the reference mesh that comes with the suite, or on a cluster, which is put back at the end.',
    )
    .addOption(
      new Option('--target <target>', 'where to run')
        .choices(['reference', 'existing', 'dikastes'])
        .default('reference'),
    )
    .option(
      '--calico <version>',
      'reference: break what this release of Calico is known to break; dikastes: its release',
      releaseOf,
    )
    .option('--dikastes <file>', 'an executable Dikastes (default: the image of its release)')
    .option('--envoy <file>', 'an executable Envoy to ask Dikastes through (default: its part is played)')
    .option('--kubeconfig <file>', 'kubeconfig of the cluster (default: $KUBECONFIG or ~/.kube/config)')
    .option('--context <name>', 'context in it; always to be named, so that no run hits the wrong cluster')
    .addOption(new Option('--profile <profile>', 'what to prove').choices([...profiles]).default('core'))
    .addOption(severalTimes('--requirement <id>', 'only this requirement; may be given several times'))
    .option('--list', 'print what would be proven, and end')
    .option('--yes', 'do not ask before changing the cluster')
    .option('--keep', 'leave the mesh as it is at the end; `npm run down` puts it back')
    .option('--strict', 'end with status 3 when something was skipped for want of a means')
    .option('--ingress <url>', 'where the gateway is reached from here: http://HOST:PORT', url)
    .option('--boutique <file>', 'the released manifest of Online Boutique, instead of downloading it')
    .option(
      '--istioctl <file>',
      'the istioctl to install Istio with, where there is none (default: from PATH)',
    )
    .addOption(
      severalTimes('--istio-arg <argument>', 'passed on to istioctl install; may be given several times'),
    )
    .option('--dikastes-image <image>', "Dikastes' image (default: the one of the cluster's Calico release)")
    .option(
      '--agent-image <image>',
      'an image with Node 24 for the probing pods',
      'docker.io/library/node:24-alpine',
    )
    .option('--workers <n>', 'how many requirements are proven at once', positive, 3)
    .option('--browser <file>', 'the Chrome or Chromium to use (default: the one found)')
    .option('--install', 'install a browser for Playwright where none is found (always done in CI)')
    .option('--output <folder>', 'where the reports go (default: in the folder of the run, below .state)');
  if (!parseCommandLine(program, argv)) return undefined;
  const options = withWholePaths(program.opts<Options>());
  const misplaced = Object.entries(onlyWith[options.target]).find(
    ([name]) => program.getOptionValueSource(name) === 'cli',
  );
  if (misplaced !== undefined) throw new UsageError(misplaced[1]);
  if (options.target === 'reference' && options.calico !== undefined) checkKnown(options.calico);
  const known = new Set(loadCatalogue().map(({ id }) => id));
  const unknown = options.requirement.find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new UsageError(`there is no requirement ${unknown}; --list prints them all`);
  }
  return options;
}

const forClusters = (flag: string) =>
  `${flag} is for a cluster, and there is none of yours in this run: add --target existing, or leave it out.`;
const forDikastes = (flag: string) =>
  `${flag} is for Dikastes alone: add --target dikastes, or leave it out.`;
const ofClusters = {
  kubeconfig: forClusters('--kubeconfig'),
  context: forClusters('--context'),
  ingress: forClusters('--ingress'),
  boutique: forClusters('--boutique'),
  istioctl: forClusters('--istioctl'),
  istioArg: forClusters('--istio-arg'),
  dikastesImage: forClusters('--dikastes-image'),
  agentImage: forClusters('--agent-image'),
};

/** Options that make no sense with a target, each with the sentence that says so. */
const onlyWith: Record<Options['target'], Partial<Record<keyof Options, string>>> = {
  reference: {
    ...ofClusters,
    dikastes: forDikastes('--dikastes'),
    envoy: forDikastes('--envoy'),
    keep: 'The reference mesh ends with its run, so --keep has nothing to keep; `npm run reference` starts one that stays.',
  },
  dikastes: {
    ...ofClusters,
    keep: 'Dikastes alone ends with its run, so --keep has nothing to keep.',
    browser: 'No browser takes part on Dikastes alone: leave --browser out.',
    install: 'No browser takes part on Dikastes alone: leave --install out.',
  },
  existing: {
    dikastes: forDikastes('--dikastes'),
    envoy: forDikastes('--envoy'),
    calico:
      '--calico says what the reference mesh shall break; a cluster has the release that is installed on it.',
  },
};

/** npm runs a script in the project's folder, but a person names files from where they stand. */
function withWholePaths(options: Options): Options {
  const from = process.env.INIT_CWD ?? process.cwd();
  const whole = { ...options };
  for (const name of ['kubeconfig', 'boutique', 'browser', 'output', 'dikastes', 'envoy'] as const) {
    const path = options[name];
    if (path !== undefined) whole[name] = resolve(from, path);
  }
  // A bare name is looked up on PATH.
  if (options.istioctl?.includes('/')) whole.istioctl = resolve(from, options.istioctl);
  return whole;
}

/** What later releases break is not known yet. */
const knownReleases = '3.24.0 - 3.32.1';

/** A release of Calico as it is tagged; throws when it is none. */
function releaseOf(value: string): string {
  const version = semver.valid(value);
  if (version !== null && semver.gte(version, '3.24.0')) return `v${version}`;
  throw new InvalidArgumentError('It must be a release from v3.24.0 on, such as v3.31.7.');
}

function checkKnown(calico: string): void {
  try {
    readRelease(calico);
  } catch (error) {
    throw new UsageError(`--calico ${calico}: ${(error as Error).message} (see --help)`);
  }
}

/** A release of Calico as it is tagged; throws when it is none, or none whose deviations are known. */
export function readRelease(value: string): string {
  const version = semver.valid(value);
  if (version === null || semver.prerelease(version) || !semver.satisfies(version, knownReleases)) {
    throw new InvalidArgumentError('It must be a release from v3.24.0 to v3.32.1, such as v3.31.7.');
  }
  return `v${version}`;
}

function url(value: string): string {
  if (!URL.canParse(value) || new URL(value).protocol !== 'http:') {
    throw new InvalidArgumentError('It must be like http://192.0.2.1:30080.');
  }
  return value;
}

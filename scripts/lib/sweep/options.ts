import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../../../fixtures/usage-error.ts';
import type { Requirement } from '../../../specs/catalogue.ts';
import { type DikastesSource, dikastesFrom } from '../../targets/dikastes.ts';
import { askedFor } from '../asked.ts';
import { parseCommandLine, positive, severalTimes } from '../command-line.ts';
import { isRelease, readRange, within } from './range.ts';
import { firstKnown, lastKnown } from './releases.ts';

/** What a person asked to be proven, and on what. */
export interface SweepOptions {
  source: DikastesSource;
  /** Oldest first. */
  releases: string[];
  requirements: Requirement[];
  workers: number;
}

/**
 * Reads the command line of `sweep` and `bisect`.
 *
 * @param one whether exactly one requirement must be named.
 * @returns undefined when help was asked for and has been printed.
 * @throws UsageError with one sentence, for whatever does not make sense.
 */
export function readSweepOptions(
  verb: string,
  description: string,
  argv: readonly string[],
  { one }: { one: boolean },
): SweepOptions | undefined {
  const all = `${firstKnown}..${lastKnown}`;
  const program = new Command(`npm run ${verb} --`)
    .description(description)
    .option('--calico <releases>', 'from one release to another, or one alone', all)
    .option(
      '--dikastes <pattern>',
      "executable files such as /opt/dikastes-{version} (default: releases' images)",
    )
    .option('--envoy <file>', 'an executable Envoy to ask Dikastes through (default: its part is played)')
    .addOption(
      severalTimes(
        '--requirement <id>',
        one ? 'the requirement' : 'only this one; may be given several times',
      ),
    )
    .option('--workers <n>', 'how many requirements are proven at once', positive, 2);
  if (!parseCommandLine(program, argv)) return undefined;
  const { calico, dikastes, envoy, requirement, workers } = program.opts<{
    calico: string;
    dikastes?: string;
    envoy?: string;
    requirement: string[];
    workers: number;
  }>();
  if (one && requirement.length !== 1) throw new UsageError('Name one requirement: --requirement HTTP-01.');
  const requirements = provable(requirement);
  const range = readRange(calico);
  // npm runs a script in the project's folder, but a person names files from where they stand.
  const from = process.env.INIT_CWD ?? process.cwd();
  const given = dikastesFrom(dikastes === undefined ? undefined : resolve(from, dikastes));
  const source = envoy === undefined ? given : behindEnvoy(given, resolve(from, envoy));
  // A release that has come out since has an image too; of files it is known which are there.
  const named = dikastes === undefined && isRelease(range);
  const releases = named ? [range.from] : within(source.releases, range);
  if (releases.length === 0) {
    throw new UsageError(
      `There is no release from ${range.from} to ${range.to} among ${source.releases.join(', ')}.`,
    );
  }
  return { source, releases, requirements, workers };
}

/** The same Dikastes, each asked through an Envoy. */
function behindEnvoy({ releases, bench }: DikastesSource, envoy: string): DikastesSource {
  if (!existsSync(envoy)) throw new UsageError(`--envoy: there is no ${envoy}.`);
  return { releases, bench: (release) => ({ ...bench(release), envoy }) };
}

/** The requirements that Dikastes alone can prove: those asked for, or all of them. */
function provable(asked: readonly string[]): Requirement[] {
  const requirements = askedFor({ profile: 'extended', area: [], requirement: [...asked] });
  const other = requirements.find(({ bench }) => !bench.includes('dikastes'));
  if (asked.length > 0 && other !== undefined) {
    throw new UsageError(`${other.id} needs a cluster: Dikastes alone cannot prove it.`);
  }
  return requirements.filter(({ bench }) => bench.includes('dikastes'));
}

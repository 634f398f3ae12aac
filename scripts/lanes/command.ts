import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../../fixtures/usage-error.ts';
import { writeWhole } from '../../fixtures/write-whole.ts';
import { reasonOf } from '../downloads/download.ts';
import { sha256OfFile } from '../downloads/sha256.ts';
import { parseCommandLine } from '../lib/command-line.ts';
import { placeOf, setDigest, setInLane } from './edit.ts';
import { laneNamed, readLanes } from './lane.ts';
import { checkLanes, showLanes } from './show.ts';
import { parseVersions, versionsFile } from './versions-file.ts';

/**
 * `npm run lanes`: shows, checks and changes the lanes of a file.
 *
 * @returns what to print, and the exit status: 1 when versions do not go together.
 * @throws UsageError with one sentence; nothing was changed then.
 */
export async function lanes(
  argv: readonly string[],
  { file = versionsFile, from = process.env.INIT_CWD ?? process.cwd() } = {},
): Promise<{ text: string; status: number }> {
  let todo = async () => ({ text: '', status: 0 });
  const read = () => readFileSync(file, 'utf8');
  const asked = (names: string[]) => {
    const versions = parseVersions(read());
    return {
      lanes: names.length === 0 ? readLanes(versions) : names.map((name) => laneNamed(name, versions)),
      versions,
    };
  };
  const show = (names: string[]) => {
    const { lanes, versions } = asked(names);
    return { text: showLanes(lanes, versions), status: 0 };
  };
  const program = new Command('npm run lanes --').description(
    'The versions to run on: lanes of versions.yaml.',
  );
  program
    .command('show [lanes...]', { isDefault: true })
    .description('print lanes, and what of them is unpinned')
    .action((names: string[]) => {
      todo = async () => show(names);
    });
  program
    .command('check [lanes...]')
    .description('say whether their versions go together')
    .action((names: string[]) => {
      todo = async () => {
        const { text, sound } = checkLanes(asked(names).lanes);
        return { text, status: sound ? 0 : 1 };
      };
    });
  program
    .command('set <lane> <fields-and-values...>')
    .description('change fields: set current calico v3.32.1 istio 1.28.10')
    .action((lane: string, words: string[]) => {
      todo = async () => {
        writeWhole(file, setInLane(read(), lane, pairs(words)));
        return show([lane]);
      };
    });
  program
    .command('digest <files...>')
    .description('compute SHA-256 of downloads, and pin those whose names say what they are')
    .option('--as <place>', 'what the one file is, such as tools/kind/v0.33.0/linux-amd64')
    .action((files: string[], { as }: { as?: string }) => {
      if (as !== undefined && files.length !== 1)
        throw new UsageError('--as names one file: give just that.');
      todo = async () => {
        const lines: string[] = [];
        for (const name of files) lines.push(await pin(file, resolve(from, name), as));
        return { text: lines.join(''), status: 0 };
      };
    });
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  return parseCommandLine(program, argv) ? todo() : { text: '', status: 0 };
}

function pairs(words: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (let index = 0; index < words.length; index += 2) {
    const [field = '', value] = words.slice(index);
    if (value === undefined) throw new UsageError(`${field} has no value: give a value after each field.`);
    values[field] = value;
  }
  return values;
}

async function pin(versions: string, file: string, as: string | undefined): Promise<string> {
  let digest: string;
  try {
    digest = await sha256OfFile(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${reasonOf(error)}`);
  }
  const place = as === undefined ? placeOf(file) : placeNamed(as);
  if (place === undefined) return `${digest}  ${file} (not pinned: say what it is with --as)\n`;
  writeWhole(versions, setDigest(readFileSync(versions, 'utf8'), place, digest));
  return `${digest}  ${place.join('/')}\n`;
}

/** `tools/kind/v0.33.0/linux-amd64`, or `manifests/calico/v3.32.1/manifests/calico.yaml`. */
function placeNamed(as: string): string[] {
  const [, tool, version, platform] = /^tools\/(kind|istioctl)\/([^/]+)\/([^/]+)$/.exec(as) ?? [];
  if (tool !== undefined) return ['tools', tool, version!, platform!];
  const [, release, path] = /^manifests\/calico\/([^/]+)\/(manifests\/.+)$/.exec(as) ?? [];
  if (release !== undefined) return ['manifests', 'calico', release, path!];
  throw new UsageError(
    `--as ${as} is no place of a digest: take tools/kind/VERSION/PLATFORM, tools/istioctl/VERSION/PLATFORM or manifests/calico/VERSION/PATH.`,
  );
}

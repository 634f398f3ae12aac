import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { fits, note, untold } from '../../checks/check.ts';
import type { DockerFacts } from '../docker.ts';
import type { EngineCheck } from './machine.ts';

/** How much of inotify each user may have; nodes, their pods and the engine are all one user. */
export interface InotifyLimits {
  max_user_watches: number;
  max_user_instances: number;
}

/**
 * What kind advises against pods that fail with "too many open files" (kind `site/content/docs/user/known-issues.md`).
 * Small clusters come up with less, so this is nothing to refuse.
 */
const advised: InotifyLimits = { max_user_watches: 524_288, max_user_instances: 512 };
const names = Object.keys(advised) as (keyof InotifyLimits)[];

export const inotify: EngineCheck = {
  name: 'inotify limits',
  look: (_, { inotify: limits }) => {
    if (limits === undefined) return untold("The inotify limits of Docker's kernel cannot be seen from here");
    const low = names.filter((name) => limits[name] < advised[name]);
    const said = low.map((name) => `fs.inotify.${name} is ${limits[name]}`).join(' and ');
    return low.length === 0
      ? fits('The inotify limits are such as kind advises')
      : note(
          `${said}, with which pods may fail with "too many open files"`,
          `run \`sudo sysctl ${low.map((name) => `fs.inotify.${name}=${advised[name]}`).join(' ')}\``,
        );
  },
};

/** The limits that hold for an engine's nodes, where they run on this machine's kernel. */
export function inotifyOf(
  { kernel }: DockerFacts,
  folder = '/proc/sys/fs/inotify',
): InotifyLimits | undefined {
  if (kernel !== release()) return undefined;
  try {
    const read = (name: string) => Number(readFileSync(join(folder, name), 'utf8'));
    return { max_user_watches: read('max_user_watches'), max_user_instances: read('max_user_instances') };
  } catch {
    // No Linux.
    return undefined;
  }
}

import { readdirSync, readFileSync } from 'node:fs';

/**
 * The process that another one has started with such arguments, by Linux' proc.
 *
 * @throws when there is none.
 */
export function childProcess(parent: number, args: RegExp): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      // After the program's name, which may have anything in it, come its state and its parent.
      const [, found] = /^\S+ \(.*\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      if (Number(found) !== parent) continue;
      if (args.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))) return Number(pid);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error(`Process ${parent} has started nothing like ${args}.`);
}

import type { ConformanceReport } from './model.ts';

/** The command of a run, or of another verb, as it is shown and reported, from the arguments that were given. */
export function commandOf(args: readonly string[], verb = 'conformance'): string {
  if (args.length === 0) return `npm run ${verb}`;
  return [`npm run ${verb} --`, ...args.map(quoted)].join(' ');
}

/**
 * The command that judges just one requirement again on the same target: the run's own command with its selection
 * replaced, so that every other option is kept. Where the report's command names no target, the target's kind and
 * context stand in, but for the reference mesh, which goes without saying. Safe to paste into a POSIX shell.
 */
export function repeatCommand(
  { run, target }: Pick<ConformanceReport, 'run' | 'target'>,
  requirement: string,
): string {
  const narrowed = run.command.replaceAll(selecting, '');
  const command =
    / --target[= ]/.test(narrowed) || target.kind === 'reference'
      ? narrowed
      : commandOf([
          '--target',
          target.kind,
          ...(target.context === undefined ? [] : ['--context', target.context]),
        ]);
  const separated = / --( |$)/.test(command) ? command : `${command} --`;
  return `${separated} --requirement ${quoted(requirement)}`;
}

/** The options that say what is judged, each with its value as a shell reads it. */
const selecting = / --(requirement|profile|area|resume)[= ]('[^']*'|\\'|[^\s'])+/g;

function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

import { styleText } from 'node:util';
import { commandOf } from '../../reports/repeat-command.ts';
import { checkFiles } from '../lib/make-run.ts';
import { examineCluster } from './cluster.ts';
import { examineMachine } from './machine.ts';
import type { DoctorOptions } from './options.ts';
import { type Group, missingIn, renderScreen } from './screen.ts';
import { whateverTarget } from './whatever-target.ts';

/**
 * Looks at this machine and, where a context is named, at that cluster, and prints what was found. Nothing is changed.
 *
 * @returns the exit status: 0 when a run can be made, 3 when something is missing.
 * @throws UsageError for what does not make sense.
 */
export async function doctor(options: DoctorOptions, signal: AbortSignal): Promise<number> {
  checkFiles(options);
  const groups = await examine(options, signal);
  const fit = missingIn(groups) === 0;
  const argv = process.argv.slice(2);
  const target = options.context === undefined ? 'kind' : 'existing';
  process.stdout.write(
    renderScreen(groups, {
      next: fit ? commandOf(['--target', target, ...argv]) : commandOf(argv, 'doctor'),
      width: process.stdout.columns ?? 80,
      // Without colours where nobody sees them, or NO_COLOR asks for none.
      paint: (colour, text) => styleText(colour, text, { stream: process.stdout }),
    }),
  );
  return fit ? 0 : 3;
}

async function examine(options: DoctorOptions, signal: AbortSignal): Promise<Group[]> {
  const { context } = options;
  if (context === undefined) return [await examineMachine(options, signal)];
  const cluster = await examineCluster({ ...options, context });
  return [{ title: 'This machine', looked: await whateverTarget(options) }, cluster];
}

import type { ExecStreams } from '../workloads/program.ts';
import { adminPage } from './admin.ts';
import type { Envoy } from './envoy.ts';

/**
 * Runs `pilot-agent request GET <path>`, which asks Envoy's admin interface.
 *
 * @returns the exit status; undefined when the command is another.
 */
export function runPilotAgent(
  proxy: Envoy,
  command: readonly string[],
  { stdout, stderr }: Pick<ExecStreams, 'stdout' | 'stderr'>,
): number | undefined {
  const [program = '', verb, method, path = ''] = command;
  if (!/(^|\/)pilot-agent$/.test(program)) return undefined;
  if (verb !== 'request' || method !== 'GET' || path === '') {
    stderr('Error: only "pilot-agent request GET <path>" is known here.\n');
    return 1;
  }
  const page = adminPage(proxy, path);
  if (page === undefined) {
    stderr(`Error: the admin interface has no page ${path}.\n`);
    return 1;
  }
  stdout(`${page}\n`);
  return 0;
}

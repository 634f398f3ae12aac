import type { ExecStreams } from '../workloads/program.ts';
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
  const page = pages[path.replace(/^\//, '').split('?', 1)[0] ?? ''];
  if (page === undefined) {
    stderr(`Error: the admin interface has no page ${path}.\n`);
    return 1;
  }
  stdout(`${page(proxy)}\n`);
  return 0;
}

const pages: Partial<Record<string, (proxy: Envoy) => string>> = {
  config_dump: ({ dependencies, context }) => JSON.stringify(dependencies.istiod.configDump(context.pod)),
  clusters: ({ pools }) => pools.map((key) => `${key}::observed`).join('\n'),
  ready: () => 'LIVE',
  server_info: ({ pod }) =>
    JSON.stringify({ state: 'LIVE', version: 'embedded reference mesh', node: { id: pod } }),
  stats: ({ dependencies }) => `server.concurrency: ${dependencies.workers ?? 2}\nserver.live: 1`,
};

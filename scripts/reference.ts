import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../fixtures/usage-error.ts';
import { readRelease } from './lib/options.ts';
import { projectRoot } from './lib/project-root.ts';
import { verb } from './lib/verb.ts';
import { startReference } from './targets/reference.ts';

const usage = `npm run reference [-- --calico VERSION]

Starts a reference mesh and keeps it until Ctrl-C, for kubectl, a browser, and for writing specs.
  --calico VERSION  break what this release of Calico is known to break`;

await verb(async (signal) => {
  const options = readArguments();
  if (options === undefined) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  // One for each process: several may run beside each other.
  const folder = join(projectRoot, '.state', 'reference', String(process.pid));
  try {
    const target = await startReference({ folder, ...options });
    process.stdout.write(
      [
        `This is ${target.about}.`,
        `  kubectl --kubeconfig '${target.kubeconfig}' get pods -A`,
        `  npm run conformance -- --target existing --kubeconfig '${target.kubeconfig}' --context ${target.context}`,
        'Ctrl-C ends it.',
        '',
      ].join('\n'),
    );
    const end = AbortSignal.any([signal, target.lost]);
    if (!end.aborted) await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
    if (target.lost.aborted) throw target.lost.reason;
    await target.close();
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Undefined when help was asked for. */
function readArguments(): { calico?: string } | undefined {
  try {
    const { calico, help } = parseArgs({
      options: { calico: { type: 'string' }, help: { type: 'boolean' } },
    }).values;
    if (help) return undefined;
    return calico === undefined ? {} : { calico: readRelease(calico) };
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (see --help)`);
  }
}

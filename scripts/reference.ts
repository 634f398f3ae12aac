import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../fixtures/usage-error.ts';
import { readRelease } from './lib/options.ts';
import { projectRoot } from './lib/pinned.ts';
import { verb } from './lib/verb.ts';
import { startReference } from './targets/reference.ts';

const usage = 'npm run reference [-- --calico VERSION]';

// Starts a reference mesh and keeps it until Ctrl-C, for kubectl, a browser, and for writing specs.
await verb(async (signal) => {
  const { calico } = readArguments();
  const folder = join(projectRoot, '.state', 'reference');
  const target = await startReference({ folder, calico });
  process.stdout.write(
    [
      `This is ${target.about({ kubernetes: '', calico: '', istio: '' })}.`,
      `  kubectl --kubeconfig ${target.kubeconfig} get pods -A`,
      `  npm run conformance -- --target existing --kubeconfig ${target.kubeconfig} --context ${target.context}`,
      'Ctrl-C ends it.',
      '',
    ].join('\n'),
  );
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await target.close();
  return 0;
});

function readArguments(): { calico?: string } {
  try {
    const { calico } = parseArgs({ options: { calico: { type: 'string' } } }).values;
    return calico === undefined ? {} : { calico: readRelease(calico) };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error} (usage: ${usage})`);
  }
}

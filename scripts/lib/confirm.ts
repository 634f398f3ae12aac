import { question } from 'zx';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { Run } from '../../fixtures/run.ts';
import { UsageError } from '../../fixtures/usage-error.ts';
import { runbook } from '../runbook/index.ts';
import { Walk } from '../runbook/walk.ts';

/** Says what the run will change and asks whether to go on; with `yes` it only says. */
export async function confirm(cluster: Cluster, run: Run, yes: boolean): Promise<boolean> {
  const lines = await Promise.all(
    runbook.map(async (step) => {
      const present = await step.present(new Walk(cluster, run, step.title)).catch(() => false);
      return `  ${present ? 'is there   ' : 'will be done'}  ${step.title}: ${step.changes}`;
    }),
  );
  process.stdout.write(
    `${[
      `Context ${run.context} (${cluster.serverUrl}):`,
      ...lines,
      "  and         namespaces alp-* for the probes, and the tutorial's policies in between.",
      'Everything is undone at the end; nothing is deleted that the run did not make.',
    ].join('\n')}\n`,
  );
  if (yes) return true;
  if (!process.stdin.isTTY) {
    throw new UsageError('There is no terminal to ask on; give --yes to let the run change the cluster.');
  }
  const answer = await question('Go on? [y/N] ');
  return /^y(es)?$/i.test(answer.trim());
}

import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { Run } from '../../fixtures/run.ts';
import { runbook } from '../runbook/index.ts';
import { Walk } from '../runbook/walk.ts';
import { UnfitError } from '../targets/preflight.ts';
import type { Ask } from './ask.ts';
import { bystanders, tell } from './bystanders.ts';
import type { Options } from './options.ts';

/**
 * Says what the run will change and asks whether to go on; with `yes` it only says.
 *
 * @returns whether to go on; when not, that nothing was changed has been said.
 * @throws UnfitError when others would feel it and nobody who sees that is asked.
 */
export async function confirm(
  cluster: Cluster,
  run: Run,
  { yes = false, bystanders: accepted = false, keep = false }: Pick<Options, 'yes' | 'bystanders' | 'keep'>,
  ask: Ask,
): Promise<boolean> {
  const lines = await Promise.all(
    runbook.map(async (step) => {
      const present = await step.present(new Walk(cluster, run, step.title)).catch(() => false);
      return `  ${present ? 'is there   ' : 'will be done'}  ${step.title}: ${step.changes}`;
    }),
  );
  const tolls = await bystanders(cluster, new Walk(cluster, run, 'bystanders'));
  process.stdout.write(
    `${[
      `Context ${run.context} (${cluster.serverUrl}):`,
      ...lines,
      "  and         namespaces alp-* for the probes, and the tutorial's policies in between.",
      ...tolls.map((toll) => `  MEANWHILE    ${tell(toll)}`),
      `${keep ? 'It stays at the end, until `npm run down` undoes it' : 'Everything is undone at the end'}; nothing is deleted that the run did not make.`,
    ].join('\n')}\n`,
  );
  if (yes && tolls.length > 0 && !accepted) {
    throw new UnfitError(
      `Nothing was changed, because others would feel it: ${tolls.map(tell).join('; ')}. Leave --yes out to be asked, or add --bystanders to accept it.`,
    );
  }
  if (yes) return true;
  const answer = await ask('Go on? [y/N] ');
  if (/^y(es)?$/i.test(answer.trim())) return true;
  process.stdout.write('Nothing was changed.\n');
  return false;
}

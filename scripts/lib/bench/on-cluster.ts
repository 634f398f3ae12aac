import { Cluster } from '../../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../../fixtures/cluster/kubeconfig.ts';
import { Guest } from '../../../fixtures/guest/guest.ts';
import { SandboxPolicies } from '../../../fixtures/policies/sandbox-policies.ts';
import { journalOf, loadFacts, type Run } from '../../../fixtures/run.ts';
import { openSandbox } from '../../../fixtures/sandbox/open.ts';
import { UnfitError } from '../../targets/preflight.ts';
import { openTarget } from '../../targets/target.ts';
import { type Ask, askOnTerminal } from '../ask.ts';
import { asGuest, walkRunbook } from '../carry-out.ts';
import { confirm } from '../confirm.ts';
import { checkFiles, newRun } from '../make-run.ts';
import { forgetIfNeverBegun } from '../never-begun.ts';
import type { ClusterOptions } from '../options.ts';
import { prepare } from '../prepare.ts';
import { Timeline } from '../timeline.ts';
import { countDecisions, type Decisions } from './decisions.ts';

/** How long decisions are counted, in milliseconds. */
const countedForMs = 10_000;

/**
 * Puts application layer policy in force as a run does, counts how many requests one pod gets decided in a second,
 * beside one exec for each, and puts the cluster back.
 *
 * @returns the exit status: 130 when it was interrupted or whoever was asked did not agree, else 0.
 */
export async function benchDecisions(
  options: ClusterOptions,
  signal: AbortSignal,
  ask: Ask = (question) => askOnTerminal(question, signal),
): Promise<number> {
  checkFiles(options);
  const timeline = new Timeline();
  const named = newRun();
  try {
    const target = await openTarget(options, named, { timeline, signal });
    try {
      if (signal.aborted) return 130;
      const cluster = Cluster.connect(loadKubeConfig(target));
      const { run } = await prepare(cluster, target, named, options, undefined);
      if (target.shared && !(await confirm(cluster, run, options, ask))) return 130;
      let decisions: Decisions | undefined;
      await asGuest(
        cluster,
        target,
        run,
        { keep: options.keep ?? false, timeline, signal },
        async (runFile) => {
          await walkRunbook(run, runFile, timeline, signal);
          const { failed } = loadFacts(run);
          if (failed !== undefined) throw new UnfitError(`"${failed.title}" failed: ${failed.cause}`);
          if (!signal.aborted) decisions = await counted(cluster, run);
        },
      );
      if (decisions === undefined) return 130;
      process.stdout.write(`\n${inWords(decisions)}\n`);
      return 0;
    } finally {
      await target.close();
    }
  } finally {
    forgetIfNeverBegun(named);
  }
}

async function counted(cluster: Cluster, run: Run): Promise<Decisions> {
  const sandbox = await openSandbox(cluster, run, 0);
  const guest = new Guest(cluster, journalOf(run), run.id, 'policies of the bench');
  const policy = new SandboxPolicies(guest, sandbox, `${run.id}-bench`);
  try {
    return await countDecisions(cluster, sandbox, policy, countedForMs);
  } finally {
    await policy.clear();
    await sandbox.close();
  }
}

function inWords({ perSecond, counted, perSecondByExec }: Decisions): string {
  const ratio = Math.round(perSecond / perSecondByExec);
  return [
    `${Math.round(perSecond)} decisions a second from one pod over kept connections (${counted} requests, all decided right)`,
    `${perSecondByExec.toFixed(1)} a second with one exec for each: ${ratio} times fewer`,
  ].join('\n');
}

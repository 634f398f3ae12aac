import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { loadFacts, saveRun } from '../../fixtures/run.ts';
import { assembleReport } from '../../reports/assemble.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import { renderConsole } from '../../reports/render/console.ts';
import { commandOf } from '../../reports/repeat-command.ts';
import { writeReport } from '../../reports/write.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { loadDeviations } from '../../specs/deviations.ts';
import { select } from '../../specs/selection.ts';
import { boutiqueObjects } from '../runbook/microservices-demo.ts';
import { environment, inspect } from '../targets/inspect.ts';
import { preflight, UnfitError } from '../targets/preflight.ts';
import { openTarget, type Target } from '../targets/target.ts';
import { browserFor } from './browser.ts';
import { confirm } from './confirm.ts';
import { istioctlVersion } from './istioctl.ts';
import { Lease, refuseIfHeld } from './lease.ts';
import { asked } from './list.ts';
import { checkFiles, makeRun, newRun } from './make-run.ts';
import type { Options } from './options.ts';
import { mergePhases, runPhase } from './playwright.ts';
import { putBack } from './put-back.ts';
import { suiteRevision, suiteVersion } from './suite.ts';
import { Timeline } from './timeline.ts';

/**
 * A conformance run, from opening its target to the report.
 *
 * @returns the exit status, as `reports/exit-status.ts` says.
 */
export async function conform(options: Options, signal: AbortSignal): Promise<number> {
  checkFiles(options);
  const timeline = new Timeline();
  const named = newRun();
  const target = await timeline.phase('target', () => openTarget(options, named.folder));
  try {
    return await conformOn(target, named, options, timeline, signal);
  } finally {
    await target.close();
  }
}

async function conformOn(
  target: Target,
  named: ReturnType<typeof newRun>,
  options: Options,
  timeline: Timeline,
  signal: AbortSignal,
): Promise<number> {
  const started = new Date().toISOString();
  const cluster = Cluster.connect(loadKubeConfig(target));
  const inspection = await timeline.phase('preflight', async () => {
    await refuseIfHeld(cluster);
    const seen = await inspect(cluster, await istioctlVersion(options.istioctl));
    await preflight(cluster, seen, options);
    if (!seen.shopDeployed) await boutiqueObjects(options.boutique);
    return seen;
  });

  const browser = await browserFor(options);
  const { selected, skipped } = select(asked(options), inspection.versions, {
    ...inspection,
    browser: browser !== undefined,
  });
  if (selected.length === 0) {
    const reasons = skipped.map(({ id, reason }) => `${id} ${reason}`).join('; ');
    throw new UnfitError(`Nothing that was asked for can be judged here (${reasons}), so nothing was done.`);
  }
  const ids = selected.map(({ id }) => id);
  const run = makeRun(named, options, target, inspection.versions, ids, browser);
  if (target.shared && !(await confirm(cluster, run, options.yes ?? false))) {
    process.stdout.write('Nothing was changed.\n');
    return 0;
  }
  // Saved first: `down` must know of a run that dies right after it took the lease.
  const runFile = saveRun(run);
  const lease = await Lease.acquire(cluster, run.id).catch((error: unknown) => {
    // Refused, it has changed nothing; any other error may have come after the lease was made.
    if (error instanceof UnfitError) rmSync(run.folder, { recursive: true });
    throw error;
  });
  let seen: ConformanceReport['environment'] = { calicoApi: 'unknown', nodes: [], images: [] };
  const troubles: string[] = [];
  let left = { restored: true, notes: [] as string[] };
  try {
    const tagged = ids.map((id) => `@${id}\\b`).join('|');
    await timeline.phase('runbook', () =>
      runPhase(
        run,
        runFile,
        { name: '1-runbook', projects: ['runbook'], grep: `@runbook\\b|${tagged}` },
        signal,
      ),
    );
    if (!signal.aborted && loadFacts(run).failed === undefined) {
      await timeline.phase('requirements', () =>
        runPhase(
          run,
          runFile,
          { name: '2-requirements', projects: ['slow', 'tutorial', 'sandbox'], grep: tagged },
          signal,
        ),
      );
    }
    // A report without its environment is worth more than none.
    seen = await environment(cluster).catch((error: unknown) => {
      troubles.push(`the environment could not be read: ${error instanceof Error ? error.message : error}`);
      return seen;
    });
  } finally {
    if (options.keep) lease.stop();
    else {
      left = await timeline.phase('putting the cluster back', () => putBack(cluster, run, lease));
    }
  }

  const { results, steps, errors } = await timeline.phase('reports', () => mergePhases(run, runFile));
  const facts = loadFacts(run);
  const report = assembleReport({
    results,
    steps,
    errors: [...errors, ...troubles],
    catalogue: loadCatalogue(),
    selected: run.selected,
    skipped,
    deviations: loadDeviations(),
    interrupted: signal.aborted,
    strict: options.strict ?? false,
    run: {
      id: run.id,
      started,
      finished: new Date().toISOString(),
      suiteVersion: suiteVersion(),
      suiteRevision: await suiteRevision(),
      profile: options.profile,
      requirements: options.requirement,
      command: commandOf(process.argv.slice(2)),
    },
    target: {
      kind: target.kind,
      about: target.about(run.versions),
      context: run.context,
      ...(facts.ingress && { ingress: `http://${facts.ingress.host}:${facts.ingress.port}` }),
    },
    versions: { ...run.versions, dikastes: facts.dikastesImage?.split(':').at(-1) ?? 'unknown' },
    environment: seen,
    phases: timeline.phases,
    cluster: {
      restored: options.keep ? 'kept' : left.restored ? 'restored' : 'incomplete',
      notes: left.notes,
    },
  });
  const { html } = await writeReport(report, run.output);
  const text = renderConsole(report, {
    reportFile: relative(process.cwd(), html),
    colours: process.stdout.isTTY ?? false,
  });
  process.stdout.write(`\n${text}\n`);
  return report.result.exitStatus;
}

import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { loadFacts, type Run, saveRun } from '../../fixtures/run.ts';
import { UsageError } from '../../fixtures/usage-error.ts';
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
import { findBrowser, isExecutable } from './browser.ts';
import { confirm } from './confirm.ts';
import { istioctlVersion } from './istioctl.ts';
import { Lease, refuseIfHeld } from './lease.ts';
import { asked } from './list.ts';
import type { Options } from './options.ts';
import { pinnedVersions, projectRoot } from './pinned.ts';
import { mergePhases, runPhase } from './playwright.ts';
import { putBack } from './put-back.ts';
import { suiteRevision, suiteVersion } from './suite.ts';
import { Timeline } from './timeline.ts';

/**
 * A conformance run on an existing cluster, from preflight to report.
 *
 * @returns the exit status, as `reports/exit-status.ts` says.
 */
export async function conform(options: Options, signal: AbortSignal): Promise<number> {
  checkFiles(options);
  const timeline = new Timeline();
  const started = new Date().toISOString();
  const cluster = Cluster.connect(loadKubeConfig(options));
  const inspection = await timeline.phase('preflight', async () => {
    await refuseIfHeld(cluster);
    const seen = await inspect(cluster, await istioctlVersion(options.istioctl));
    await preflight(cluster, seen, options);
    if (!seen.shopDeployed) await boutiqueObjects(options.boutique);
    return seen;
  });

  const browser = findBrowser(options.browser);
  const { selected, skipped } = select(asked(options), inspection.versions, {
    ...inspection,
    browser: browser !== undefined,
  });
  const run = makeRun(
    options,
    inspection.versions,
    selected.map(({ id }) => id),
    browser,
  );

  if (selected.length === 0) {
    const reasons = skipped.map(({ id, reason }) => `${id} ${reason}`).join('; ');
    throw new UnfitError(`Nothing that was asked for can be judged here (${reasons}), so nothing was done.`);
  }
  if (!(await confirm(cluster, run, options.yes ?? false))) {
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
    const ids = run.selected.map((id) => `@${id}\\b`).join('|') || '(?!)';
    await timeline.phase('runbook', () =>
      runPhase(
        run,
        runFile,
        { name: '1-runbook', projects: ['runbook'], grep: `@runbook\\b|${ids}` },
        signal,
      ),
    );
    if (!signal.aborted && loadFacts(run).failed === undefined) {
      await timeline.phase('requirements', () =>
        runPhase(
          run,
          runFile,
          { name: '2-requirements', projects: ['slow', 'tutorial', 'sandbox'], grep: ids },
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
      kind: 'existing',
      about: `an existing cluster with Kubernetes ${run.versions.kubernetes}, Calico ${run.versions.calico} and Istio ${run.versions.istio}`,
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

/** What a person named must be there before anything is changed. */
function checkFiles({ browser, boutique, output }: Options): void {
  if (browser !== undefined && !isExecutable(browser)) {
    throw new UsageError(`--browser ${browser} is not an executable file.`);
  }
  if (boutique !== undefined && !existsSync(boutique)) {
    throw new UsageError(`--boutique ${boutique} is not a file.`);
  }
  if (output === undefined) return;
  try {
    // Not with its parents: a mistyped path should be told, not made.
    if (!existsSync(output)) mkdirSync(output);
    accessSync(output, constants.W_OK);
  } catch {
    throw new UsageError(`--output ${output} is not a folder that can be written to.`);
  }
}

function makeRun(
  options: Options,
  versions: { kubernetes: string; calico: string; istio: string },
  selected: string[],
  browser: string | undefined,
): Run {
  // Letters and digits only: the id becomes part of namespaces and labels.
  const id = `${new Date().toISOString().slice(5, 10).replace('-', '')}${randomBytes(2).toString('hex')}`;
  const folder = join(projectRoot, '.state', 'runs', id);
  return {
    id,
    pid: process.pid,
    folder,
    output: options.output === undefined ? join(folder, 'report') : resolve(options.output),
    target: 'existing',
    context: options.context as string,
    selected,
    workers: options.workers,
    agentImage: options.agentImage,
    istioInstallArgs: options.istioArg,
    versions: { ...versions, boutique: pinnedVersions().boutique.version },
    ...(options.kubeconfig !== undefined && { kubeconfig: resolve(options.kubeconfig) }),
    ...(options.ingress !== undefined && { ingress: options.ingress }),
    ...(options.boutique !== undefined && { boutique: options.boutique }),
    ...(options.istioctl !== undefined && { istioctl: options.istioctl }),
    ...(options.dikastesImage !== undefined && { dikastesImage: options.dikastesImage }),
    ...(browser !== undefined && { browser }),
  };
}

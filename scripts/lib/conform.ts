import { randomBytes } from 'node:crypto';
import { join, relative, resolve } from 'node:path';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { loadFacts, type Run, saveRun } from '../../fixtures/run.ts';
import { assembleReport } from '../../reports/assemble.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import { renderConsole } from '../../reports/render/console.ts';
import { commandOf } from '../../reports/repeat-command.ts';
import { writeReport } from '../../reports/write.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { loadDeviations } from '../../specs/deviations.ts';
import { select } from '../../specs/selection.ts';
import { environment, inspect } from '../targets/inspect.ts';
import { preflight } from '../targets/preflight.ts';
import { findBrowser } from './browser.ts';
import { confirm } from './confirm.ts';
import { istioctlVersion } from './istioctl.ts';
import { Lease } from './lease.ts';
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
  const timeline = new Timeline();
  const started = new Date().toISOString();
  const cluster = Cluster.connect(loadKubeConfig(options));
  const inspection = await timeline.phase('preflight', async () => {
    const seen = await inspect(cluster, await istioctlVersion(options.istioctl));
    await preflight(cluster, seen, options);
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

  if (!(await confirm(cluster, run, options.yes ?? false))) return 0;
  const lease = await Lease.acquire(cluster, run.id);
  const runFile = saveRun(run);
  let seen: ConformanceReport['environment'] = { calicoApi: 'unknown', nodes: [], images: [] };
  let notes: string[] = [];
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
    seen = await environment(cluster);
  } finally {
    if (options.keep) lease.stop();
    else {
      notes = await timeline.phase('putting the cluster back', () => putBack(cluster, run));
      if (notes.length === 0) await lease.release();
      else lease.stop();
    }
  }

  const { results, steps, errors } = await timeline.phase('reports', () => mergePhases(run, runFile));
  const facts = loadFacts(run);
  const report = assembleReport({
    results,
    steps,
    errors,
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
    cluster: { restored: options.keep ? 'kept' : notes.length === 0 ? 'restored' : 'incomplete', notes },
  });
  const { html } = await writeReport(report, run.output);
  const text = renderConsole(report, {
    reportFile: relative(process.cwd(), html),
    colours: process.stdout.isTTY ?? false,
  });
  process.stdout.write(`\n${text}\n`);
  return report.result.exitStatus;
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
    ...(options.kubeconfig !== undefined && { kubeconfig: options.kubeconfig }),
    ...(options.ingress !== undefined && { ingress: options.ingress }),
    ...(options.boutique !== undefined && { boutique: options.boutique }),
    ...(options.istioctl !== undefined && { istioctl: options.istioctl }),
    ...(options.dikastesImage !== undefined && { dikastesImage: options.dikastesImage }),
    ...(browser !== undefined && { browser }),
  };
}

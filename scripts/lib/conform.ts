import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { tagOf } from '../../fixtures/injector/release.ts';
import { loadFacts } from '../../fixtures/run.ts';
import { systemImage } from '../../reference/versions.ts';
import { assembleReport } from '../../reports/assemble.ts';
import { fingerprintForReport } from '../../reports/fingerprint.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { loadDeviations } from '../../specs/deviations.ts';
import { writeAddress } from '../runbook/address.ts';
import { openTarget, type Target } from '../targets/target.ts';
import { type Ask, askOnTerminal } from './ask.ts';
import { browserFor } from './browser.ts';
import { carryFiles } from './carry-files.ts';
import { type CarriedOut, carryOut, onlyLook } from './carry-out.ts';
import { confirm } from './confirm.ts';
import { checkFiles, newRun } from './make-run.ts';
import { forgetIfNeverBegun } from './never-begun.ts';
import type { ClusterOptions, Options } from './options.ts';
import { type Prepared, prepare } from './prepare.ts';
import { runFacts } from './run-facts.ts';
import { tell } from './tell.ts';
import { Timeline } from './timeline.ts';

/**
 * A conformance run, from opening its target to the report.
 *
 * @returns the exit status, as `reports/exit-status.ts` says; 130 also when whoever was asked did not agree.
 */
export async function conform(
  options: ClusterOptions,
  signal: AbortSignal,
  ask: Ask = (question) => askOnTerminal(question, signal),
): Promise<number> {
  checkFiles(options);
  const timeline = new Timeline();
  const started = new Date().toISOString();
  const browser = await browserFor(options);
  const named = newRun();
  try {
    const target = await timeline.phase('target', () => openTarget(options, named, { timeline, signal }));
    try {
      if (signal.aborted) return 130;
      const stop = target.lost === undefined ? signal : AbortSignal.any([signal, target.lost]);
      const cluster = Cluster.connect(loadKubeConfig(target));
      const prepared = await timeline.phase('preflight', () =>
        prepare(cluster, target, named, options, browser),
      );
      const { run } = prepared;
      const nothingLeft = run.selected.length === 0;
      if (!nothingLeft && target.shared && !(await confirm(cluster, run, options, ask))) return 130;
      if (stop.aborted) return 130;
      const keep = options.keep ?? false;
      const seen = nothingLeft
        ? await onlyLook(cluster, run)
        : await carryOut(cluster, target, run, { keep, timeline, signal: stop });
      const report = await reportOf(options, target, prepared, seen, timeline, {
        started,
        interrupted: signal.aborted,
      });
      if (nothingLeft)
        process.stdout.write('Nothing is left to do: all that can be judged here was judged before.\n');
      await tell(report, run.output);
      return report.result.exitStatus;
    } finally {
      await target.close();
    }
  } finally {
    forgetIfNeverBegun(named);
  }
}

async function reportOf(
  options: Options,
  target: Target,
  { run, means, skipped, resumed }: Prepared,
  { results, steps, errors, environment, cluster, diagnosticsFolder }: CarriedOut,
  { phases }: Timeline,
  { started, interrupted }: { started: string; interrupted: boolean },
): Promise<ConformanceReport> {
  const { kubernetes, calico, istio } = run.versions;
  const { ingress, dikastesImage } = loadFacts(run);
  const earlier = resumed?.report;
  const isModel = environment.nodes.some(({ os }) => os === systemImage);
  return assembleReport({
    results,
    steps,
    errors,
    ...(resumed && { carried: carryFiles(resumed.carried, resumed.folder, run.output) }),
    catalogue: loadCatalogue(),
    selected: run.selected,
    skipped,
    // The reference mesh has a release's deviations when it is told to, and else keeps every promise.
    deviations: target.kind === 'reference' && options.calico === undefined ? [] : loadDeviations(),
    interrupted,
    strict: options.strict ?? false,
    run: {
      ...(await runFacts(run.id, started, options, earlier?.run.id)),
      ...(diagnosticsFolder !== undefined && { diagnosticsFolder }),
    },
    target: {
      // One that a person started and gave as a cluster is a reference mesh all the same.
      kind: isModel ? 'reference' : target.kind,
      about:
        target.about ??
        (isModel
          ? 'a reference mesh, given as a cluster'
          : `an existing cluster with Kubernetes ${kubernetes}, Calico ${calico} and Istio ${istio}`),
      context: run.context,
      ...(ingress && { ingress: `http://${writeAddress(ingress)}` }),
    },
    versions: {
      ...run.versions,
      dikastes:
        (dikastesImage === undefined ? earlier?.versions.dikastes : tagOf(dikastesImage)) ?? 'unknown',
    },
    environment: { calicoApi: means.api, dataPlane: means.dataPlane, ...environment },
    phases,
    cluster: { ...cluster, fingerprint: fingerprintForReport(run.fingerprint) },
  });
}

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Bench } from '../../fixtures/dikastes/bench/bench.ts';
import { UsageError } from '../../fixtures/usage-error.ts';
import { assembleReport } from '../../reports/assemble.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { loadDeviations } from '../../specs/deviations.ts';
import { select } from '../../specs/selection.ts';
import { fixedDikastes } from '../targets/fixed.ts';
import { UnfitError } from '../targets/preflight.ts';
import { askedFor } from './asked.ts';
import { checkFiles, newRun } from './make-run.ts';
import { forgetIfNeverBegun } from './never-begun.ts';
import type { Options } from './options.ts';
import { runFacts } from './run-facts.ts';
import { whyUnusable } from './sweep/judge.ts';
import { prove } from './sweep/prove.ts';
import { tell } from './tell.ts';
import { Timeline } from './timeline.ts';

/**
 * A conformance run on one Dikastes alone: what policies decide, in seconds, without a cluster.
 *
 * @returns the exit status, as `reports/exit-status.ts` says.
 */
export async function conformOnDikastes(options: Options, signal: AbortSignal): Promise<number> {
  checkFiles(options);
  const bench = benchOf(options);
  const timeline = new Timeline();
  const started = new Date().toISOString();
  const { versions, means } = fixedDikastes(bench);
  const { calico } = versions;
  const { selected, skipped } = select(askedFor(options), versions, means);
  if (selected.length === 0) {
    throw new UnfitError('Nothing that was asked for can be proven on Dikastes alone, so nothing was done.');
  }
  const named = newRun();
  const output = options.output === undefined ? join(named.folder, 'report') : resolve(options.output);
  const ids = selected.map((requirement) => requirement.id);
  try {
    const unusable = await timeline.phase('preflight', () => whyUnusable(bench));
    const { workers } = options;
    const results =
      unusable === undefined
        ? await timeline.phase('requirements', () => prove(bench, ids, { workers, signal, output }))
        : [];
    const report = assembleReport({
      results,
      steps: [],
      errors: unusable === undefined ? [] : [unusable],
      catalogue: loadCatalogue(),
      selected: ids,
      skipped,
      deviations: loadDeviations(),
      interrupted: signal.aborted,
      strict: options.strict ?? false,
      run: await runFacts(named.id, started, options),
      target: {
        kind: 'dikastes',
        about: `Dikastes ${calico} alone, ${bench.envoy === undefined ? 'asked as Envoy asks' : 'behind a real Envoy'}, without a cluster`,
      },
      versions: { ...versions, dikastes: calico, boutique: 'none' },
      environment: { calicoApi: means.api, dataPlane: means.dataPlane, nodes: [], images: [] },
      phases: timeline.phases,
      cluster: { restored: 'restored', notes: [] },
    });
    await tell(report, output);
    return report.result.exitStatus;
  } finally {
    forgetIfNeverBegun(named);
  }
}

/** @throws UsageError when a file that was named is not there, or no release was. */
function benchOf({ calico, dikastes, envoy }: Options): Bench {
  if (calico === undefined) {
    throw new UsageError('--target dikastes needs to know the release: add --calico VERSION.');
  }
  for (const [flag, file] of Object.entries({ '--dikastes': dikastes, '--envoy': envoy })) {
    if (file !== undefined && !existsSync(file)) throw new UsageError(`${flag}: there is no ${file}.`);
  }
  return {
    release: calico,
    ...(dikastes !== undefined && { binary: dikastes }),
    ...(envoy !== undefined && { envoy }),
  };
}

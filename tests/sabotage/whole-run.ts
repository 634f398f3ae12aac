import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { parse } from 'yaml';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { type ConformanceReport, reportSchema } from '../../reports/model.ts';
import type { Target } from '../../scripts/targets/target.ts';

const root = join(import.meta.dirname, '..', '..');

/** Outcome by requirement id. */
export type Outcomes = Record<string, string>;

/** The folder of a real cluster's run. */
export function recorded(result: string): string {
  return join(root, 'docs', 'results', result);
}

/** The outcomes that a real cluster's run came to. */
export function recordedOutcomes(result: string): Outcomes {
  return outcomesOf(readReport(join(recorded(result), 'report.yaml')).requirements);
}

/**
 * A whole run on a mesh, which takes it for somebody's cluster.
 *
 * @param sabotage done once the runbook has ended and before any requirement of the second phase is judged.
 */
export async function wholeRun(
  { kubeconfig, context }: Target,
  output: string,
  sabotage: (cluster: Cluster) => Promise<void>,
): Promise<Outcomes> {
  const args = ['--target', 'existing', '--kubeconfig', String(kubeconfig), '--context', context, '--yes'];
  const stop = new AbortController();
  const run = execa(
    process.execPath,
    [join(root, 'scripts', 'conformance.ts'), ...args, '--output', output],
    {
      cwd: root,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'inherit',
      buffer: false,
      reject: false,
      cancelSignal: stop.signal,
    },
  );
  const cluster = Cluster.connect(loadKubeConfig({ kubeconfig, context }));
  let sabotaged = false;
  try {
    for await (const line of createInterface({ input: run.stdout })) {
      // The last step of the runbook. What is judged next is waited for by effect, so that a first request that
      // comes before the blow does not matter.
      if (sabotaged || !/Sandboxes for the probes$/.test(line)) continue;
      sabotaged = true;
      await sabotage(cluster);
    }
    await run;
  } finally {
    stop.abort();
    await cluster.close();
  }
  if (!sabotaged) throw new Error('The run ended before its runbook did.');
  const { run: made, requirements } = readReport(join(output, 'report.yaml'));
  if (made.errors !== undefined) throw new Error(`The run reports: ${made.errors.join('; ')}`);
  return outcomesOf(requirements);
}

function readReport(file: string): ConformanceReport {
  return reportSchema.parse(parse(readFileSync(file, 'utf8')));
}

function outcomesOf(requirements: ConformanceReport['requirements']): Outcomes {
  return Object.fromEntries(requirements.map(({ id, outcome }) => [id, outcome]));
}

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
  return outcomesOf(join(recorded(result), 'report.yaml'));
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
    },
  );
  const cluster = Cluster.connect(loadKubeConfig({ kubeconfig, context }));
  let sabotaged: Promise<void> | undefined;
  for await (const line of createInterface({ input: run.stdout })) {
    // The last step of the runbook; Playwright then starts anew for the requirements, which takes a second.
    if (/Sandboxes for the probes$/.test(line)) sabotaged ??= sabotage(cluster);
  }
  await run;
  await sabotaged;
  await cluster.close();
  if (sabotaged === undefined) throw new Error('The run ended before its runbook did.');
  return outcomesOf(join(output, 'report.yaml'));
}

function outcomesOf(file: string): Outcomes {
  const report: ConformanceReport = reportSchema.parse(parse(readFileSync(file, 'utf8')));
  return Object.fromEntries(report.requirements.map(({ id, outcome }) => [id, outcome]));
}

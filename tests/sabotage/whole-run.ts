import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import { readReport } from '../../reports/read.ts';
import type { Target } from '../../scripts/targets/target.ts';

const root = join(import.meta.dirname, '..', '..');

type Requirements = ConformanceReport['requirements'];

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

export interface Sabotage {
  /** Done once the runbook has ended; no requirement of the second phase is judged before it is over. */
  strike?: ((cluster: Cluster) => Promise<void>) | undefined;
  /** Further arguments of the run. */
  args?: readonly string[];
}

/** Starts a run on a mesh, which takes it for somebody's cluster. */
export function startRun(
  { kubeconfig, context }: Pick<Target, 'kubeconfig' | 'context'>,
  output: string,
  { args = [], signal }: { args?: readonly string[]; signal?: AbortSignal } = {},
) {
  const target = ['--target', 'existing', '--kubeconfig', String(kubeconfig), '--context', context, '--yes'];
  return execa(
    process.execPath,
    [join(root, 'scripts', 'conformance.ts'), ...target, ...args, '--output', output],
    {
      cwd: root,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'inherit',
      buffer: false,
      reject: false,
      ...(signal !== undefined && { cancelSignal: signal }),
    },
  );
}

/** A whole run on a mesh: what its report says of each requirement. */
export async function wholeRun(
  target: Pick<Target, 'kubeconfig' | 'context'>,
  output: string,
  { strike, args = [] }: Sabotage,
): Promise<Requirements> {
  const stop = new AbortController();
  const run = startRun(target, output, { args, signal: stop.signal });
  const cluster = Cluster.connect(loadKubeConfig(target));
  let sabotaged = false;
  try {
    for await (const line of createInterface({ input: run.stdout })) {
      // The last step of the runbook. The verb starts what judges next, so it is held until the blow is struck.
      if (sabotaged || !/Sandboxes for the probes$/.test(line)) continue;
      sabotaged = true;
      run.kill('SIGSTOP');
      try {
        await strike?.(cluster);
      } finally {
        run.kill('SIGCONT');
      }
    }
    await run;
  } finally {
    stop.abort();
    await cluster.close();
  }
  if (!sabotaged) throw new Error('The run ended before its runbook did.');
  const { run: made, requirements } = readReport(join(output, 'report.yaml'));
  if (made.errors !== undefined) throw new Error(`The run reports: ${made.errors.join('; ')}`);
  return requirements;
}

export function outcomesOf(requirements: Requirements): Outcomes {
  return Object.fromEntries(requirements.map(({ id, outcome }) => [id, outcome]));
}

import { createInterface } from 'node:readline';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { containersOf } from '../../fixtures/cluster/pods.ts';
import type { Run } from '../../fixtures/run.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';
import { UsageError } from '../../fixtures/usage-error.ts';
import { runbook } from '../runbook/index.ts';
import { Walk } from '../runbook/walk.ts';

/** Says what the run will change and asks whether to go on; with `yes` it only says. */
export async function confirm(cluster: Cluster, run: Run, yes: boolean): Promise<boolean> {
  const lines = await Promise.all(
    runbook.map(async (step) => {
      const present = await step.present(new Walk(cluster, run, step.title)).catch(() => false);
      return `  ${present ? 'is there   ' : 'will be done'}  ${step.title}: ${step.changes}`;
    }),
  );
  process.stdout.write(
    `${[
      `Context ${run.context} (${cluster.serverUrl}):`,
      ...lines,
      "  and         namespaces alp-* for the probes, and the tutorial's policies in between.",
      ...(await bystanders(cluster)),
      'Everything is undone at the end; nothing is deleted that the run did not make.',
    ].join('\n')}\n`,
  );
  if (yes) return true;
  if (!process.stdin.isTTY) {
    throw new UsageError('There is no terminal to ask on; give --yes to let the run change the cluster.');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Closed by Ctrl-C or the end of input, it is a no.
  const { promise, resolve } = Promise.withResolvers<string>();
  terminal.once('close', () => resolve('')).question('Go on? [y/N] ', resolve);
  const answer = await promise;
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** What else on the cluster feels the run: the filter and mutual TLS are for the whole mesh, and fail closed. */
async function bystanders(cluster: Cluster): Promise<string[]> {
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod' });
  const others = pods.filter((pod) => pod.metadata.namespace !== 'istio-system' && !isGateway(pod));
  const injected = others.filter((pod) => {
    const names = containersOf(pod).map(({ name }) => name);
    return names.includes('istio-proxy') && !names.includes('dikastes');
  });
  const selected = pods.filter(
    ({ metadata }) => metadata.labels?.app === 'frontend' && metadata.namespace !== shopNamespace,
  );
  return [
    ...toll(injected, 'have a sidecar without Dikastes and answer 403 to everything until the run is over'),
    ...toll(selected, "are labelled app=frontend too, and the tutorial's policies deny them as well"),
  ];
}

/** Gateways have no inbound listeners of a sidecar, which is where the filter goes; wherever they run. */
function isGateway({ spec }: KubeObject): boolean {
  const { containers = [] } = (spec ?? {}) as { containers?: { args?: string[] }[] };
  return containers.some(({ args = [] }) => args.includes('router'));
}

function toll(pods: readonly KubeObject[], what: string): string[] {
  if (pods.length === 0) return [];
  const names = pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return [`  MEANWHILE    ${names.length} pods ${what}: ${names.slice(0, 5).join(', ')}${more}`];
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster } from '../../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../../fixtures/cluster/kubeconfig.ts';
import { waitForRollout } from '../../../fixtures/cluster/rollout.ts';
import { installArguments, whereArguments } from '../../lib/istioctl.ts';
import type { Timeline } from '../../lib/timeline.ts';
import { UnfitError } from '../preflight.ts';
import { applyAll } from './apply.ts';
import { beside } from './beside.ts';
import { applyCalico, calicoReady, nodesReady } from './calico/install.ts';
import { registryMirror } from './config.ts';
import { hasImage, loadImage, pullImage } from './docker.ts';
import { withImages } from './images.ts';
import { fixIngressPort } from './ingress-port.ts';
import { KindCluster } from './kind-cluster.ts';
import { contextOf } from './names.ts';
import { mirrorsIn, type Plan } from './plan.ts';
import { writeRecord } from './record.ts';
import { hopeless, rolledOut } from './rolled-out.ts';
import { grantRunAccess } from './run-access.ts';
import { ProgramError } from './run-program.ts';

/** How a cluster is made. */
export interface Course {
  timeline: Timeline;
  signal: AbortSignal;
}

const rolloutMs = 300_000;

/**
 * Makes a cluster and all that belongs in it. It is on record before anything of it is there, and `ready` there once
 * all of it is. When that fails, the logs of its nodes are kept, and it is deleted; when it is interrupted, it is
 * deleted.
 *
 * @throws UnfitError in one sentence with what went wrong; the signal's reason when it was aborted.
 */
export async function makeCluster(plan: Plan, { timeline, signal }: Course): Promise<void> {
  const { record } = plan;
  const kind = new KindCluster(record);
  const task = <T>(name: string, body: () => Promise<T>) => told(timeline, name, body);
  await task('Node image', () => haveNodeImage(plan, signal));
  try {
    writeRecord(record);
    if (plan.registry !== undefined) writeMirror(record.folder, plan.registry);
    await task('Cluster', () => kind.create(plan.config, plan.node.image, signal));
    const { kubeconfig } = kind;
    const cluster = Cluster.connect(
      loadKubeConfig({ kubeconfig, context: contextOf(record.cluster) }),
      // Definitions of kinds are long, and a new API server on a small machine is slow with them.
      { requestTimeoutMs: 60_000 },
    );
    try {
      await fill(plan, kind, cluster, task, signal);
    } finally {
      await cluster.close();
    }
    await task('Permissions of the run', () => grantRunAccess(record, signal));
    writeRecord({ ...record, state: 'ready' });
  } catch (error) {
    throw await withdrawn(kind, plan, error, signal);
  }
}

type Task = <T>(name: string, body: () => Promise<T>) => Promise<T>;

/** Puts everything into a cluster that has just been made, what needs nothing of each other at the same time. */
async function fill(plan: Plan, kind: KindCluster, cluster: Cluster, task: Task, signal: AbortSignal) {
  const { calico, archives, calicoImages, shop } = plan;
  const { these, others } = withImages(archives, calicoImages);
  await beside(signal, (both) => {
    const ours = task("Calico's images", () => kind.load(these, both));
    const theirs = ours.then(() => task("The mesh's images", () => kind.load(others, both)));
    const applied = ours.then(() =>
      task('Calico: applied', () => applyCalico(cluster, calico, { signal: both })),
    );
    const nodes = applied.then(() => task('Nodes ready', () => nodesReady(cluster, { signal: both })));
    const room = Promise.all([nodes, theirs]);
    return [
      applied.then(() => task('Calico: ready', () => calicoReady(cluster, calico, { signal: both }))),
      nodes.then(() => task('Cluster DNS', () => dnsReady(cluster, both))),
      room.then(() => task('Istio', () => installIstio(plan, kind, cluster, both))),
      room.then(() =>
        task('Online Boutique', async () => {
          await applyAll(cluster, shop, both);
          await rolledOut(cluster, shop, { signal: both, timeoutMs: rolloutMs });
        }),
      ),
    ];
  });
}

/** Says in one line what a task took, as it ends. */
async function told<T>(timeline: Timeline, name: string, body: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await timeline.phase(name, body);
  const seconds = `${((performance.now() - began) / 1000).toFixed(1)} s`.padStart(7);
  process.stdout.write(`${seconds}  done        ${name}\n`);
  return result;
}

async function haveNodeImage({ node, record }: Plan, signal: AbortSignal): Promise<void> {
  const engine = { env: record.engine, signal };
  try {
    // An image of that name may be there, and be another one than the bundle's.
    if (node.archive !== undefined) await loadImage(node.archive, engine);
    else if (!(await hasImage(node.image, engine))) await pullImage(node.image, engine);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const todo = 'name a registry that has it with --registry, or bring it along with --bundle';
    throw new UnfitError(
      `The node image ${node.image} cannot be had: ${error.message}\nLog in to its registry, ${todo}.`,
    );
  }
}

function writeMirror(folder: string, registry: string): void {
  const forAll = join(mirrorsIn(folder), '_default');
  mkdirSync(forAll, { recursive: true });
  writeFileSync(join(forAll, 'hosts.toml'), registryMirror(registry));
}

async function installIstio(plan: Plan, kind: KindCluster, cluster: Cluster, signal: AbortSignal) {
  const { istioctl, istioArgs, record } = plan;
  const where = { kubeconfig: kind.kubeconfig, context: contextOf(record.cluster) };
  const args = [...installArguments({ istioInstallArgs: istioArgs }), ...whereArguments(where)];
  await kind.run(istioctl, args, { signal });
  await fixIngressPort(cluster);
}

async function dnsReady(cluster: Cluster, signal: AbortSignal): Promise<void> {
  const dns = { namespace: 'kube-system', name: 'coredns' };
  await waitForRollout(cluster, dns, { timeoutMs: rolloutMs, failFast: hopeless, signal });
}

/** Deletes what has been made so far, and gives back what there is to say. */
async function withdrawn(
  kind: KindCluster,
  { record }: Plan,
  error: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const logs = signal.aborted ? undefined : await kind.exportLogs();
  const said = error instanceof Error ? error.message : String(error);
  const sentences = [
    isPortTaken(error)
      ? `Something took ${record.ingress} in the moment the cluster was made: try again, or name another address with --ingress.`
      : `Cluster ${record.cluster} could not be made. ${said}`,
    ...(logs === undefined ? [] : [`The logs of its nodes are in ${logs}.`]),
  ];
  try {
    await kind.delete();
  } catch (left) {
    const why = left instanceof Error ? left.message : String(left);
    const sentence = `What there is of it could not be deleted (${why}); \`npm run down\` does that.`;
    // Whoever has interrupted it is told nothing else any more.
    if (signal.aborted) process.stdout.write(`${sentence}\n`);
    sentences.push(sentence);
  }
  return signal.aborted ? signal.reason : new UnfitError(sentences.join('\n'), { cause: error });
}

/** What Docker says of a port of the host that it cannot open. */
function isPortTaken(error: unknown): boolean {
  return error instanceof ProgramError && /port is already allocated|address already in use/.test(error.said);
}

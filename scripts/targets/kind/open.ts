import type { Run } from '../../../fixtures/run.ts';
import { parseAddress, writeAddress } from '../../runbook/address.ts';
import type { Target } from '../target.ts';
import { ingressAsked } from './config.ts';
import { lookAtDocker } from './docker.ts';
import { keptCluster, refuseIfChanged } from './kept.ts';
import { KindCluster } from './kind-cluster.ts';
import { checkMachine, machineHere } from './machine/index.ts';
import { freePort, whyNotAt } from './machine/listen.ts';
import { answers } from './machine/machine.ts';
import { type Course, makeCluster } from './make.ts';
import { aboutLane, bundleFor, type KindOptions, laneAsked, programFor } from './materials.ts';
import { clusterName, contextOf, networkOf } from './names.ts';
import { planFor } from './plan.ts';
import { engineHere, type KindRecord } from './record.ts';
import { runAccess } from './run-access.ts';
import { takeUp } from './take-up.ts';

/**
 * Makes a kind cluster at the versions of a lane, with Calico, Istio and Online Boutique in it; or takes up one that
 * an earlier run has kept, and puts back what that has left on it. Whatever can be known to be missing or wrong is
 * said before anything is made.
 *
 * @param run its id, and its folder, which gets the kubeconfig and the record of what is made.
 * @throws UsageError for what does not make sense; UnfitError, BundleError, ToolError or PinnedFileError when the
 * cluster cannot be made, after what there was of it has been deleted.
 */
export async function openKind(
  options: KindOptions,
  run: Pick<Run, 'id' | 'folder'>,
  course: Course,
): Promise<Target> {
  const asked = laneAsked(options);
  const keep = options.keep ?? false;
  const cluster = clusterName({ run: run.id, lane: asked, keep });
  const engine = { env: engineHere(), signal: course.signal };
  const docker = await lookAtDocker(engine);
  const kept = answers(docker) ? await keptCluster(cluster, engine) : undefined;
  const wanted = kept === undefined ? ingressAsked(options, asked) : parseAddress(kept.ingress);
  const ingressTrouble = kept === undefined ? await whyNotAt(wanted) : undefined;
  for (const sentence of checkMachine(await machineHere(docker, engine, asked, wanted, ingressTrouble))) {
    process.stdout.write(`Note: ${sentence}\n`);
  }
  const ingress = wanted.port === 0 ? { ...wanted, port: await freePort(wanted.host) } : wanted;
  const bundle = await bundleFor(asked, options);
  const lane = bundle?.lane ?? asked;
  if (kept !== undefined) refuseIfChanged(kept, lane);
  const [kind, istioctl] = await Promise.all([
    programFor('kind', lane.kind, options.kind, bundle),
    programFor('istioctl', lane.istio, options.istioctl, bundle),
  ]);
  const record: KindRecord = {
    run: run.id,
    folder: run.folder,
    pid: process.pid,
    cluster,
    ...networkOf(cluster),
    kind,
    keep,
    state: kept === undefined ? 'being made' : 'ready',
    lane,
    ingress: `http://${writeAddress(ingress)}`,
    engine: engine.env,
  };
  if (kept === undefined) {
    const cgroupVersion = answers(docker) ? docker.cgroupVersion : undefined;
    const plan = await planFor(options, { record, bundle, istioctl, ingress, cgroupVersion });
    process.stdout.write(`Making cluster ${cluster}: ${aboutLane(lane)}.\n`);
    await makeCluster(plan, course);
  } else {
    process.stdout.write(`Taking up cluster ${cluster}: ${aboutLane(lane)}.\n`);
    await takeUp(record, course);
  }
  const images = bundle?.archives.flatMap((archive) => archive.images);
  // What a person has named goes before what the bundle has.
  const agentImage = options.agentImage ?? bundle?.agent;
  return targetOf(record, images, { istioctl, ...(agentImage !== undefined && { agentImage }) });
}

function targetOf(
  record: KindRecord,
  images: readonly string[] | undefined,
  settings: Pick<NonNullable<Target['settings']>, 'istioctl' | 'agentImage'>,
): Target {
  const { cluster, lane, keep, ingress } = record;
  const kind = new KindCluster(record);
  const context = contextOf(cluster);
  let closed = false;
  return {
    kind: 'kind',
    ...(images && { images }),
    // The run is a guest on it, as on anyone's; who made it looks after the cluster itself.
    ...runAccess(record),
    about: `a kind cluster made for the run: ${aboutLane(lane)}`,
    shared: false,
    // What is done to a cluster that goes need not be undone.
    disposable: !keep,
    settings: { ingress, ...settings },
    close: async () => {
      if (closed) return;
      closed = true;
      if (!keep) return kind.delete();
      process.stdout.write(
        `The cluster stays: kubectl --kubeconfig ${kind.kubeconfig} --context ${context} get pods -A; \`npm run down\` deletes it.\n`,
      );
    },
  };
}

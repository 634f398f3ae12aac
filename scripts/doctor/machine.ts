import { BundleError } from '../bundle/bundle-error.ts';
import type { Bundle } from '../bundle/read-bundle.ts';
import type { Lane } from '../lanes/lane.ts';
import { fits, type Looked } from '../targets/checks/check.ts';
import { failed } from '../targets/checks/failed.ts';
import { ingressAsked } from '../targets/kind/config.ts';
import { lookAtDocker } from '../targets/kind/docker.ts';
import { lookAtMachine, machineHere } from '../targets/kind/machine/index.ts';
import { whyNotAt } from '../targets/kind/machine/listen.ts';
import { aboutLane, bundleAsked, laneAsked } from '../targets/kind/materials.ts';
import { engineHere } from '../targets/kind/record.ts';
import type { DoctorOptions } from './options.ts';
import { lookAtProgram } from './programs.ts';
import type { Group } from './screen.ts';
import { whateverTarget } from './whatever-target.ts';

/**
 * Looks whether a kind cluster can be made here, as `openKind` would. Nothing is made, downloaded or kept.
 *
 * @throws UsageError for what does not make sense.
 */
export async function examineMachine(options: DoctorOptions, signal: AbortSignal): Promise<Group> {
  const asked = laneAsked(options);
  const [always, machine, bundle] = await Promise.all([
    whateverTarget(options),
    lookHere(options, asked, signal),
    openBundle(asked, options),
  ]);
  const programs = bundle.unfit
    ? []
    : await lookAtPrograms(options, bundle.bundle?.lane ?? asked, bundle.bundle);
  return {
    title: `This machine, for a kind cluster: ${aboutLane(asked)}`,
    looked: [...machine, ...bundle.looked, ...programs, ...always],
  };
}

async function lookHere(options: DoctorOptions, lane: Lane, signal: AbortSignal): Promise<Looked[]> {
  const ingress = ingressAsked(options, lane);
  const engine = { env: engineHere(), signal };
  const docker = await lookAtDocker(engine);
  return lookAtMachine(await machineHere(docker, engine, lane, ingress, await whyNotAt(ingress)));
}

interface Opened {
  bundle?: Bundle | undefined;
  unfit: boolean;
  looked: Looked[];
}

async function openBundle(lane: Lane, options: DoctorOptions): Promise<Opened> {
  const name = 'the bundle';
  try {
    const bundle = await bundleAsked(lane, options);
    if (bundle === undefined) return { unfit: false, looked: [] };
    const found = fits(`The bundle in ${bundle.folder} is whole, and of this lane`);
    return { bundle, unfit: false, looked: [{ name, ...found }] };
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return { unfit: true, looked: [{ name, ...failed(name, error) }] };
  }
}

function lookAtPrograms(options: DoctorOptions, lane: Lane, bundle: Bundle | undefined): Promise<Looked[]> {
  return Promise.all([
    lookAtProgram('kind', lane.kind, options.kind, bundle),
    lookAtProgram('istioctl', lane.istio, options.istioctl, bundle),
  ]);
}

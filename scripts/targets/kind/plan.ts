import { join } from 'node:path';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { inRegistry } from '../../bundle/image-name.ts';
import { imagesOf } from '../../bundle/images-of.ts';
import { operatorImages } from '../../bundle/operator-images.ts';
import type { Bundle } from '../../bundle/read-bundle.ts';
import { installedManifests, manifestOf } from '../../downloads/manifests.ts';
import { objectsIn } from '../../lib/objects-in.ts';
import type { Address } from '../../runbook/address.ts';
import { boutiqueObjects } from '../../runbook/microservices-demo.ts';
import { type CalicoObjects, calicoObjects } from './calico/install.ts';
import { kindConfig } from './config.ts';
import type { KindOptions } from './materials.ts';
import { istioArguments } from './native-sidecars.ts';
import type { KindRecord } from './record.ts';

/** Everything that a cluster is made from, at hand before it is begun. */
export interface Plan {
  record: KindRecord;
  /** The nodes' image, and the docker archive that has it; without one it is pulled where it is not there. */
  node: { image: string; archive?: string | undefined };
  config: object;
  /** A registry that is asked for all images first. */
  registry?: string | undefined;
  calico: CalicoObjects;
  /** What Calico's pods run. */
  calicoImages: string[];
  istioctl: string;
  istioArgs: string[];
  shop: KubeObject[];
  /** Docker archives to load into the nodes. */
  archives: Bundle['archives'];
}

/** The folder that `Plan.config` mounts for containerd, when there is a registry. */
export function mirrorsIn(folder: string): string {
  return join(folder, 'mirrors');
}

/**
 * Brings together all that a cluster is made from.
 *
 * @throws PinnedFileError when a manifest cannot be had, or is not the pinned one.
 */
export async function planFor(
  options: KindOptions,
  {
    record,
    bundle,
    istioctl,
    ingress,
    cgroupVersion,
  }: {
    record: KindRecord;
    bundle: Bundle | undefined;
    istioctl: string;
    ingress: Address;
    cgroupVersion: string | undefined;
  },
): Promise<Plan> {
  const { lane, folder } = record;
  const { registry } = options;
  const advice = 'take it along in a bundle (`npm run bundle`), and name that with --bundle';
  const texts = await Promise.all(
    installedManifests(lane).map((path) => manifestOf(lane, path, { bundle, advice })),
  );
  const calico = await calicoObjects(texts.flatMap(objectsIn), lane);
  const mirrors = registry === undefined ? undefined : mirrorsIn(folder);
  const node = bundle?.node ?? {
    image: registry === undefined ? lane.node : inRegistry(registry, lane.node),
  };
  return {
    record,
    node,
    config: kindConfig(lane, { ingress, mirrors, cgroupVersion }),
    registry,
    calico,
    calicoImages: [
      ...imagesOf(calico.bringing),
      ...(lane.install === 'operator' ? operatorImages(lane) : []),
    ],
    istioctl,
    istioArgs: [...istioArguments(lane), ...options.istioArg],
    shop: await boutiqueObjects(options.boutique ?? bundle?.boutique),
    archives: bundle?.archives ?? [],
  };
}

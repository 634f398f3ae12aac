import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { tagOf } from './image-name.ts';
import { imagesOfPod, type PodSpec } from './images-of.ts';

/** A pod that ran an image which a list knows nothing of. */
export interface Unlisted {
  /** `NAMESPACE/NAME` */
  pod: string;
  image: string;
}

/**
 * Which pods ran images that are not in a list, so that a cluster without a network could not have run them. What
 * node images bring along themselves needs no list.
 *
 * @param images as `imagesOfLane` gives them.
 * @param pods as they were read from a cluster.
 */
export function checkAgainstPods(images: readonly string[], pods: readonly KubeObject[]): Unlisted[] {
  const listed = new Set(images.map(tagOf));
  return pods.flatMap((pod) =>
    [...new Set(imagesOfPod(pod.spec as PodSpec).map(tagOf))]
      .filter((image) => !listed.has(image) && !inNodeImage.test(image))
      .map((image) => ({ pod: `${pod.metadata.namespace}/${pod.metadata.name}`, image })),
  );
}

/** What kind builds into its node images: the control plane, its own network and storage. */
const inNodeImage = /^(registry\.k8s\.io\/(kube-|etcd:|coredns\/|pause:)|docker\.io\/kindest\/)/;

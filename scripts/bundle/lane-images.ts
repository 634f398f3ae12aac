import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { dikastesImageFor } from '../../fixtures/injector/template.ts';
import type { Lane } from '../lanes/lane.ts';
import { wholeName } from './image-name.ts';
import { imagesOf } from './images-of.ts';
import { operatorImages } from './operator-images.ts';

/** What a lane is put together from, rendered. */
export interface Rendered {
  lane: Lane;
  calico: readonly KubeObject[];
  istio: readonly KubeObject[];
  shop: readonly KubeObject[];
  /** The image of the probing pods. */
  agent: string;
  /** An image of Dikastes that runs may name, beside the one of the lane's Calico. */
  dikastes?: string | undefined;
}

/** Every image that a run on a lane needs on its nodes, by their whole names; the nodes' own is not among them. */
export function imagesOfLane({ lane, calico, istio, shop, agent, dikastes }: Rendered): string[] {
  const images = [
    ...imagesOf([...calico, ...istio, ...shop]),
    ...(lane.install === 'operator' ? operatorImages(lane) : []),
    dikastesImageFor(lane.calico),
    ...(dikastes === undefined ? [] : [dikastes]),
    agent,
  ];
  return [...new Set(images.map(wholeName))].sort();
}

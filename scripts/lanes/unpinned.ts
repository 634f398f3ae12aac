import { manifestsOf } from '../downloads/manifests.ts';
import { platformHere } from '../tools/platform.ts';
import type { Lane } from './lane.ts';
import { pinnedVersions, type Versions } from './versions-file.ts';

/** What of a lane has no digest to be compared with when it is downloaded; a pinned lane has nothing of it. */
export function unpinned(
  lane: Lane,
  platform: string = platformHere(),
  versions: Versions = pinnedVersions(),
): string[] {
  const { tools } = versions;
  return [
    ...(lane.node.includes('@sha256:') ? [] : [lane.node]),
    ...manifestsOf(lane, versions)
      .filter(({ sha256 }) => sha256 === undefined)
      .map(({ release, path }) => `Calico's ${path} of ${release}`),
    ...(tools.kind[lane.kind]?.[platform] === undefined ? [`kind ${lane.kind} for ${platform}`] : []),
    ...(tools.istioctl[lane.istio]?.[platform] === undefined
      ? [`istioctl ${lane.istio} for ${platform}`]
      : []),
  ];
}

import { UsageError } from '../../fixtures/usage-error.ts';
import { pinnedVersions, type Versions } from './versions-file.ts';

/** A named set of versions to run on, and how they are put together; docs/lanes.md tells the fields. */
export type Lane = { name: string } & Versions['lanes'][string];

/** Every lane of `versions.yaml`, in its order. */
export function readLanes(versions: Versions = pinnedVersions()): Lane[] {
  return Object.entries(versions.lanes).map(([name, lane]) => ({ name, ...lane }));
}

/** @throws UsageError naming the lanes that there are. */
export function laneNamed(name: string, versions: Versions = pinnedVersions()): Lane {
  const lanes = readLanes(versions);
  const lane = lanes.find((each) => each.name === name);
  if (lane !== undefined) return lane;
  throw new UsageError(`There is no lane ${name}: take one of ${lanes.map((each) => each.name).join(', ')}.`);
}

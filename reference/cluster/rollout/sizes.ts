/** A number, or a part of the wanted replicas such as `25%`. */
export type Share = number | string;

export interface Strategy {
  type?: string;
  rollingUpdate?: { maxSurge?: Share; maxUnavailable?: Share };
}

/** A ReplicaSet as a rollout sees it: how many pods it is to have, and how many of them are available. */
export interface Revision {
  replicas: number;
  available: number;
}

/** How far a rollout may go above and below the wanted number of pods. */
export interface Bounds {
  surge: number;
  unavailable: number;
}

/**
 * The bounds of a Deployment, in pods: surge is rounded up, unavailability down, and not both may be none
 * (Kubernetes `pkg/controller/deployment/util/deployment_util.go`).
 */
export function boundsOf({ type, rollingUpdate = {} }: Strategy, wanted: number): Bounds {
  if (type === 'Recreate') return { surge: 0, unavailable: 0 };
  const surge = podsOf(rollingUpdate.maxSurge ?? '25%', wanted, Math.ceil);
  const unavailable = podsOf(rollingUpdate.maxUnavailable ?? '25%', wanted, Math.floor);
  if (surge === 0 && unavailable === 0) return { surge, unavailable: 1 };
  return { surge, unavailable: Math.min(unavailable, wanted) };
}

/** What a share of a whole comes to. */
export function podsOf(share: Share, whole: number, round: (value: number) => number): number {
  return typeof share === 'number' ? share : round((Number.parseInt(share, 10) * whole) / 100);
}

/**
 * The next sizes of a Deployment's ReplicaSets in a rolling update (Kubernetes
 * `pkg/controller/deployment/rolling.go`): the current one grows as far as the surge allows, old ones shrink as far as
 * what is available allows, first by their pods that are not.
 *
 * @param old oldest first.
 */
export function nextSizes(
  wanted: number,
  { surge, unavailable }: Bounds,
  current: Revision,
  old: readonly Revision[],
): { current: number; old: number[] } {
  const total = current.replicas + sum(old, 'replicas');
  const room = Math.max(0, wanted + surge - total);
  const grown =
    current.replicas > wanted ? wanted : current.replicas + Math.min(room, wanted - current.replicas);
  const missing = Math.max(0, grown - current.available);
  const least = wanted - unavailable;
  const surplus = grown + sum(old, 'replicas') - least - missing;
  if (surplus <= 0) return { current: grown, old: old.map(({ replicas }) => replicas) };

  const rested = shrink(old, surplus, ({ replicas, available }) => replicas - available);
  const available = current.available + sum(rested, 'available');
  const shrunk = shrink(rested, available - least, ({ replicas }) => replicas);
  return { current: grown, old: shrunk.map(({ replicas }) => replicas) };
}

/** Takes at most so many pods away, from each no more than it can spare. */
function shrink(old: readonly Revision[], most: number, spare: (revision: Revision) => number): Revision[] {
  let left = Math.max(0, most);
  return old.map((revision) => {
    const less = Math.min(left, Math.max(0, spare(revision)));
    left -= less;
    const replicas = revision.replicas - less;
    return { replicas, available: Math.min(revision.available, replicas) };
  });
}

function sum(revisions: readonly Revision[], field: keyof Revision): number {
  return revisions.reduce((total, revision) => total + revision[field], 0);
}

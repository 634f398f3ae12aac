import { hostname } from 'node:os';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import { ApiError } from '../../fixtures/cluster/errors.ts';
import type { KubeObject, Ref } from '../../fixtures/cluster/objects.ts';
import { uidOf } from '../../fixtures/guest/guest.ts';
import { UnfitError } from '../targets/preflight.ts';

const ref: Ref = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'default',
  name: 'alp-conformance',
};
const durationSeconds = 60;

/** Keeps a second run off the cluster, as long as this process lives and renews it. */
export class Lease {
  private readonly cluster: Cluster;
  private readonly timer: NodeJS.Timeout;

  private constructor(cluster: Cluster, run: string) {
    this.cluster = cluster;
    this.timer = setInterval(() => void renew(cluster, run), (durationSeconds / 4) * 1000).unref();
  }

  /**
   * Takes the lease, or takes it up again for a run that had it.
   *
   * @throws UnfitError when another run holds it, or died without putting the cluster back.
   */
  static async acquire(cluster: Cluster, run: string): Promise<Lease> {
    try {
      await cluster.create(leaseOf(run));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      const existing = await cluster.find(ref);
      if (existing !== undefined && !holds(existing, run)) throw refusal(existing);
      await renew(cluster, run);
    }
    return new Lease(cluster, run);
  }

  /** Gives it up; the cluster has nothing of it any more. */
  async release(): Promise<void> {
    this.stop();
    const existing = await this.cluster.find(ref);
    if (existing !== undefined) await this.cluster.delete(ref, uidOf(existing));
  }

  /** Leaves it on the cluster, for a mesh that is kept. */
  stop(): void {
    clearInterval(this.timer);
  }
}

/**
 * Looks whether another run has the cluster, without taking it.
 *
 * @throws UnfitError when one does, or died without putting the cluster back.
 */
export async function refuseIfHeld(cluster: Cluster): Promise<void> {
  const existing = await cluster.find(ref);
  if (existing !== undefined) throw refusal(existing);
}

/** Whether a living run renews its lease: a run that was told to keep the mesh, or has died, does not. */
export async function isHeld(cluster: Cluster, run: string): Promise<boolean> {
  const existing = await cluster.find(ref);
  return existing !== undefined && holds(existing, run) && isFresh(existing);
}

/** By the run alone: its state may have moved to a machine of another name. */
function holds(lease: KubeObject, run: string): boolean {
  return specOf(lease).holderIdentity?.split(' on ')[0] === run;
}

function isFresh(lease: KubeObject): boolean {
  return (Date.now() - Date.parse(specOf(lease).renewTime ?? '')) / 1000 < durationSeconds;
}

function refusal(existing: KubeObject): UnfitError {
  const { holderIdentity = 'unknown' } = specOf(existing);
  const [run, host] = holderIdentity.split(' on ');
  if (isFresh(existing)) {
    return new UnfitError(`Run ${run} on ${host} is using this cluster; wait for it to end.`);
  }
  return new UnfitError(
    `Run ${run} on ${host} left its changes on this cluster; run \`npm run down\` there, or, if that folder is lost, undo them by hand and delete Lease default/alp-conformance.`,
  );
}

/** A renewal that fails is made up by the next one; the lease lasts for four. */
async function renew(cluster: Cluster, run: string): Promise<void> {
  const { spec } = leaseOf(run);
  await cluster.patch(ref, { spec }, { type: 'merge' }).catch(() => undefined);
}

function leaseOf(run: string): KubeObject {
  const now = new Date().toISOString().replace('Z', '000Z');
  return {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: {
      name: ref.name,
      namespace: 'default',
      labels: { 'app.kubernetes.io/managed-by': 'alp-conformance' },
    },
    spec: {
      holderIdentity: identity(run),
      leaseDurationSeconds: durationSeconds,
      renewTime: now,
    },
  };
}

function identity(run: string): string {
  return `${run} on ${hostname()}`;
}

function specOf(lease: KubeObject): { holderIdentity?: string; renewTime?: string } {
  return lease.spec as { holderIdentity?: string; renewTime?: string };
}

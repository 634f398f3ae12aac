import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { type Scope, scopeOf } from './workload.ts';

/** Which clients a workload's port serves: only those with a certificate of the mesh, all, or only plaintext. */
export type MutualTlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** `UNSET` leaves it to the next wider policy. */
export type ModeSetting = MutualTlsMode | 'UNSET';

/** A PeerAuthentication. */
export interface PeerPolicy extends Scope {
  mode: ModeSetting;
  /** By the container's port. */
  ports: ReadonlyMap<number, ModeSetting>;
}

interface Spec {
  selector?: { matchLabels?: Record<string, string> };
  mtls?: { mode?: ModeSetting };
  portLevelMtls?: Record<string, { mode?: ModeSetting }>;
}

export function peerPolicyOf(object: KubeObject): PeerPolicy {
  const { selector, mtls, portLevelMtls = {} } = (object.spec ?? {}) as Spec;
  return {
    ...scopeOf(object, selector?.matchLabels),
    mode: mtls?.mode ?? 'UNSET',
    ports: new Map(
      Object.entries(portLevelMtls).map(([port, setting]) => [Number(port), setting?.mode ?? 'UNSET']),
    ),
  };
}

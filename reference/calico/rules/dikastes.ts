import type { CheckStatus } from '../check.ts';
import type { Layer } from '../policy.ts';

/** What Dikastes answers to Envoy, and what it and Felix know at that moment (alp.md 1.2 and 1.7). */
export const dikastesRules = {
  /** Felix serves Dikastes only when it is told where (Calico reference, FelixConfiguration). */
  servesPolicySync: (felix: { policySyncPathPrefix?: string }): boolean =>
    Boolean(felix.policySyncPathPrefix),

  /** `invalid` is a request that cannot be judged, such as one whose path is none. */
  statusOf: (decision: 'allow' | 'deny' | 'invalid'): CheckStatus => {
    const statuses = { allow: 'OK', deny: 'PERMISSION_DENIED', invalid: 'INVALID_ARGUMENT' } as const;
    return statuses[decision];
  },

  /** Before the first synchronisation (calico `app-policy/checker/server.go`). */
  unsyncedStatus: (): CheckStatus => 'UNAVAILABLE',

  /** When Felix has not told yet of the pod itself (calico `app-policy/checker/server.go`, 3.32). */
  unknownEndpointStatus: (): CheckStatus => 'INTERNAL',

  /** What is answered once Felix is gone, from what the last policies gave: just that (measured). */
  statusWithoutFelix: (last: CheckStatus): CheckStatus => last,

  /** Whether a change of a policy gets to a layer while it runs (network-policy/adopt-zero-trust). */
  takesChange: (_change: 'ADDED' | 'MODIFIED' | 'DELETED', _layer: Layer): boolean => true,
};

import type { Labels } from '../../../fixtures/selectors/expression.ts';
import type { Selector } from '../../../fixtures/selectors/selector.ts';

/** Who sent a request, as the certificate of its connection says. */
export type Principal =
  | { kind: 'service account'; namespace: string; name: string }
  /** Plaintext: there is no certificate. */
  | { kind: 'absent' }
  /** A certificate of something that is no service account. */
  | { kind: 'unidentified' };

/** How Dikastes knows the clients (Calico, network-policy/policy-rules/service-accounts). */
export const identityRules = {
  /** Of a SPIFFE URI any trust domain is taken: Istio has validated it (calico `app-policy/checker/requestcache.go`). */
  principalOf: (uri: string): Principal => {
    if (uri === '') return { kind: 'absent' };
    const [, namespace, name] = /^spiffe:\/\/[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(uri) ?? [];
    if (namespace === undefined || name === undefined) return { kind: 'unidentified' };
    return { kind: 'service account', namespace, name };
  },

  /** One of the names, if names are given, and the selector, if one is given (EntityRule, ServiceAccountMatch). */
  serviceAccountMatches: (
    clause: { names: readonly string[]; selector: Selector | undefined },
    account: { name: string; labels: Labels },
  ): boolean =>
    (clause.names.length === 0 || clause.names.includes(account.name)) &&
    (clause.selector?.matches(account.labels) ?? true),

  /**
   * What a clause about service accounts or namespaces is to a request without either. In plaintext there is
   * nothing to compare, and the address alone decides (measured); a certificate of something else is another
   * identity than the one that the clause asks for (network-policy/policy-rules/service-accounts).
   */
  matchesWithoutAccount: (principal: 'absent' | 'unidentified'): boolean => principal === 'absent',

  /** Both factors must be right: the certificate, and that the address is one of that service account's pods. */
  bothFactors: (identity: boolean, address: boolean): boolean => identity && address,

  /** Whether a request is denied for its principal alone, whatever the policies say. */
  refusesPrincipal: (_principal: Principal): boolean => false,
};

import semver from 'semver';
import type { Deviation } from './deviation.ts';
import { egressPolicyDeniesRequests } from './egress-policy-denies-requests.ts';
import { exactPathByBytes } from './exact-path-by-bytes.ts';
import { httpRuleMatchesTcp } from './http-rule-matches-tcp.ts';
import { namedPortsNeverMatch } from './named-ports-never-match.ts';
import { negationsIgnored } from './negations-ignored.ts';
import { onlyFirstTier } from './only-first-tier.ts';
import { pathRuleClosesTcp } from './path-rule-closes-tcp.ts';
import { rawPathPrefix } from './raw-path-prefix.ts';
import { stagedPoliciesEnforced } from './staged-policies-enforced.ts';
import { unidentifiedPrincipalDenied } from './unidentified-principal-denied.ts';
import { unidentifiedPrincipalMatches } from './unidentified-principal-matches.ts';
import { unknownToEverything } from './unknown-to-everything.ts';

export type { Deviation } from './deviation.ts';

/** Every known deviation of releases from 3.24 on. */
export const deviations: readonly Deviation[] = [
  egressPolicyDeniesRequests,
  exactPathByBytes,
  httpRuleMatchesTcp,
  namedPortsNeverMatch,
  negationsIgnored,
  onlyFirstTier,
  pathRuleClosesTcp,
  rawPathPrefix,
  stagedPoliciesEnforced,
  unidentifiedPrincipalDenied,
  unidentifiedPrincipalMatches,
  unknownToEverything,
];

/**
 * The deviations of a release of Calico.
 *
 * @throws RangeError for what is no release, such as `master`, because nothing is known of it.
 */
export function deviationsOf(calicoVersion: string): Deviation[] {
  if (semver.valid(calicoVersion) === null) {
    throw new RangeError(`${calicoVersion} is no release of Calico, so its deviations are not known.`);
  }
  return deviations.filter(({ versions }) =>
    semver.satisfies(calicoVersion, versions, { includePrerelease: true }),
  );
}

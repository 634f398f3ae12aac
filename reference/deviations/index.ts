import semver from 'semver';
import type { Deviation } from './deviation.ts';
import { egressPolicyDeniesRequests } from './egress-policy-denies-requests.ts';
import { exactPathByBytes } from './exact-path-by-bytes.ts';
import { httpClausesWithoutLimits } from './http-clauses-without-limits.ts';
import { httpRuleMatchesTcp } from './http-rule-matches-tcp.ts';
import { ipVersionIgnored } from './ip-version-ignored.ts';
import { namedPortsNeverMatch } from './named-ports-never-match.ts';
import { negationsIgnored } from './negations-ignored.ts';
import { onlyFirstTier } from './only-first-tier.ts';
import { pathRuleClosesTcp } from './path-rule-closes-tcp.ts';
import { rawPathPrefix } from './raw-path-prefix.ts';
import { schemasKnowLess } from './schemas-know-less.ts';
import { smallNetsContainNothing } from './small-nets-contain-nothing.ts';
import { smallNetsHideWhatTheyContain } from './small-nets-hide-what-they-contain.ts';
import { stagedPoliciesEnforced } from './staged-policies-enforced.ts';
import { tierWithoutOrderBesideDefault } from './tier-without-order-beside-default.ts';
import { tiesByJoinedName } from './ties-by-joined-name.ts';
import { tiesByStoredName } from './ties-by-stored-name.ts';
import { unidentifiedPrincipalDenied } from './unidentified-principal-denied.ts';
import { unidentifiedPrincipalMatches } from './unidentified-principal-matches.ts';
import { unknownToEverything } from './unknown-to-everything.ts';

export type { Deviation } from './deviation.ts';

/** Every known deviation of releases from 3.24 on. */
export const deviations: readonly Deviation[] = [
  egressPolicyDeniesRequests,
  exactPathByBytes,
  httpClausesWithoutLimits,
  httpRuleMatchesTcp,
  ipVersionIgnored,
  namedPortsNeverMatch,
  negationsIgnored,
  onlyFirstTier,
  pathRuleClosesTcp,
  rawPathPrefix,
  schemasKnowLess,
  smallNetsContainNothing,
  smallNetsHideWhatTheyContain,
  stagedPoliciesEnforced,
  tierWithoutOrderBesideDefault,
  tiesByJoinedName,
  tiesByStoredName,
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

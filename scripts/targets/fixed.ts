import semver from 'semver';
import { type Bench, versionsOf } from '../../fixtures/dikastes/bench/bench.ts';
import { nativeCrdsSince, versions as ofReference } from '../../reference/versions.ts';
import type { Versions } from '../../specs/catalogue.ts';
import type { Means } from '../../specs/selection.ts';
import type { Lane } from '../lanes/lane.ts';
import { hasNativeSidecars } from './kind/native-sidecars.ts';

/** What is known of a target before anyone has looked at it. */
export interface Fixed {
  versions: Versions;
  means: Means;
}

/**
 * A reference mesh: it is the same each time. A browser is taken for granted, as it is none of the mesh's.
 *
 * @param calico the release whose deviations are laid over it.
 */
export function fixedReference(calico: string = ofReference.calico): Fixed {
  const { kubernetes, istio } = ofReference;
  return {
    versions: { kubernetes, calico, istio },
    means: {
      browser: true,
      permissiveBefore: true,
      uninjectedBefore: true,
      api: semver.lt(calico, nativeCrdsSince) ? 'api server' : 'native crds',
      nodes: 2,
      ipv6: false,
      nativeSidecars: true,
      meshAuthority: true,
      // It has nothing like a data plane, and does not say which it is like.
      dataPlane: semver.lt(calico, '3.32.0') ? 'iptables' : 'unknown',
    },
  };
}

/** A kind cluster at the versions of a lane, freshly made. A browser is taken for granted, as it is none of its own. */
export function fixedKind({ kubernetes, calico, istio, api, ipFamily, dataPlane }: Lane): Fixed {
  return {
    versions: { kubernetes, calico, istio },
    means: {
      browser: true,
      permissiveBefore: true,
      uninjectedBefore: true,
      api,
      nodes: 2,
      ipv6: ipFamily !== 'ipv4',
      nativeSidecars: hasNativeSidecars(istio),
      meshAuthority: true,
      dataPlane,
    },
  };
}

/** Dikastes alone: policies are put in force and asked about, and there is nothing else. */
export function fixedDikastes(bench: Bench): Fixed {
  return {
    versions: versionsOf(bench),
    means: {
      bench: 'dikastes',
      browser: false,
      permissiveBefore: false,
      uninjectedBefore: false,
      api: 'unknown',
      nodes: 0,
      ipv6: false,
      nativeSidecars: false,
      // Whom a certificate names is said, and nothing signed.
      meshAuthority: true,
      dataPlane: 'unknown',
    },
  };
}

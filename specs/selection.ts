import { type CalicoApi, excludedByVersion, type Requirement, type Versions } from './catalogue.ts';

/** Named selections of the catalogue. */
export const profiles = ['tutorial', 'core', 'extended', 'resilience', 'upgrade'] as const;
export type Profile = (typeof profiles)[number];

/** Profiles whose requirements are declared and not proven yet. */
export const laterProfiles: readonly Profile[] = ['resilience', 'upgrade'];

/** What a run has at hand, of the cluster and beside it. */
export interface Means {
  /** Where policies can be put in force; a cluster when absent. */
  bench?: 'cluster' | 'dikastes';
  browser: boolean;
  /** Whether the mesh could be seen before it demanded mutual TLS. */
  permissiveBefore: boolean;
  /** Whether the front end could be seen before it was injected. */
  uninjectedBefore: boolean;
  api: CalicoApi;
  /** How many nodes take pods of anyone. */
  nodes: number;
  /** Whether pods have IPv6 addresses. */
  ipv6: boolean;
  /** Whether the injector makes istio-proxy a restartable init container. */
  nativeSidecars: boolean;
  /** Whether the mesh's certificate authority may sign for the suite: whether its key is shown, and may be used. */
  meshAuthority: boolean;
  /** What Felix enforces with. */
  dataPlane: DataPlane;
}

export type DataPlane = 'iptables' | 'nftables' | 'bpf' | 'unknown';

export interface Selection {
  selected: Requirement[];
  skipped: { id: string; reason: string }[];
}

/**
 * The requirements of a profile: `tutorial` is what the tutorial itself says, `core` adds its consequences, and
 * `extended` is everything that is proven. What a later profile declares is in that profile alone.
 */
export function inProfile(catalogue: readonly Requirement[], profile: Profile): Requirement[] {
  if (laterProfiles.includes(profile))
    return catalogue.filter((requirement) => requirement.profile === profile);
  return catalogue.filter(
    ({ level, source, profile: later }) =>
      later === undefined &&
      (profile === 'extended' || level === 'core') &&
      (profile !== 'tutorial' || source.document === 'Tutorial'),
  );
}

/**
 * What of the asked-for requirements can be judged here, and why the rest cannot. This is the one place where
 * anything is skipped. A reason that begins with "needs" speaks of a want of means, which makes a run incomplete;
 * any other says that the promise is not made here.
 */
export function select(asked: readonly Requirement[], versions: Versions, means: Means): Selection {
  const skipped = asked.flatMap((requirement) => {
    const reason =
      excludedByVersion(requirement, versions) ??
      elsewhere(requirement, means) ??
      excludedByApi(requirement, means) ??
      wanting(requirement, means);
    return reason === undefined ? [] : [{ id: requirement.id, reason }];
  });
  const ids = new Set(skipped.map(({ id }) => id));
  return { selected: asked.filter(({ id }) => !ids.has(id)), skipped };
}

function elsewhere({ bench }: Requirement, means: Means): string | undefined {
  return bench.includes(means.bench ?? 'cluster')
    ? undefined
    : 'needs a cluster: Dikastes alone cannot prove it';
}

const servedBy = { 'api server': 'the API server', 'native crds': 'native CRDs' } as const;

function excludedByApi({ api }: Requirement, means: Means): string | undefined {
  if (api === undefined || (means.api !== 'unknown' && api.includes(means.api))) return undefined;
  const promised = api.map((one) => servedBy[one]).join(' or ');
  return means.api === 'unknown'
    ? `needs a cluster that tells how Calico's API is served: this is promised by ${promised} only`
    : `promised by ${promised} only, and this cluster has ${servedBy[means.api]}`;
}

type Need = Requirement['needs'][number];

/** What each need asks of the means, and what is said where it is not met. */
const wants: Record<Need, { met: (means: Means) => boolean; reason: string }> = {
  browser: {
    met: ({ browser }) => browser,
    reason: 'needs a browser: install Chrome or Chromium, or add --install',
  },
  'permissive before': {
    met: ({ permissiveBefore }) => permissiveBefore,
    reason: 'needs a mesh that does not demand mutual TLS yet when the run begins',
  },
  'uninjected before': {
    met: ({ uninjectedBefore }) => uninjectedBefore,
    reason: 'needs a front end that is not injected yet when the run begins',
  },
  'two nodes': {
    met: ({ nodes }) => nodes >= 2,
    reason: 'needs two nodes that take pods: add one, or remove its taint or cordon',
  },
  ipv6: {
    met: ({ ipv6 }) => ipv6,
    reason: 'needs pods with IPv6 addresses: use a cluster with an IPv6 or dual-stack pod network',
  },
  'native sidecars': {
    met: ({ nativeSidecars }) => nativeSidecars,
    reason:
      'needs native sidecars: Istio 1.27 or newer has them where every kubelet is 1.33 or newer, older ones with ENABLE_NATIVE_SIDECARS',
  },
  'mesh ca': {
    met: ({ meshAuthority }) => meshAuthority,
    reason:
      "needs certificates that the mesh's own authority signs: add --mesh-ca, where the Secret with its key may be read",
  },
};

function wanting({ needs }: Requirement, means: Means): string | undefined {
  const need = needs.find((one) => !wants[one].met(means));
  return need === undefined ? undefined : wants[need].reason;
}

import { excludedByVersion, type Requirement, type Versions } from './catalogue.ts';

export const profiles = ['tutorial', 'core', 'extended'] as const;
export type Profile = (typeof profiles)[number];

/** What a run has at hand beside the cluster. */
export interface Means {
  /** Where policies can be put in force; a cluster when absent. */
  bench?: 'cluster' | 'dikastes';
  browser: boolean;
  /** Whether the mesh could be seen before it demanded mutual TLS. */
  permissiveBefore: boolean;
  /** Whether the front end could be seen before it was injected. */
  uninjectedBefore: boolean;
}

export interface Selection {
  selected: Requirement[];
  skipped: { id: string; reason: string }[];
}

/** The requirements of a profile: `tutorial` is what the tutorial itself says, `core` adds its consequences. */
export function inProfile(catalogue: readonly Requirement[], profile: Profile): Requirement[] {
  return catalogue.filter(
    ({ level, source }) =>
      profile === 'extended' || (level === 'core' && (profile === 'core' || source.document === 'Tutorial')),
  );
}

/**
 * What of the asked-for requirements can be judged here, and why the rest cannot. This is the one place where
 * anything is skipped. A reason that begins with "needs" speaks of a want of means, which makes a run incomplete.
 */
export function select(asked: readonly Requirement[], versions: Versions, means: Means): Selection {
  const skipped = asked.flatMap((requirement) => {
    const reason = excludedByVersion(requirement, versions) ?? wanting(requirement, means);
    return reason === undefined ? [] : [{ id: requirement.id, reason }];
  });
  const ids = new Set(skipped.map(({ id }) => id));
  return { selected: asked.filter(({ id }) => !ids.has(id)), skipped };
}

function wanting({ needs, bench }: Requirement, means: Means): string | undefined {
  if (!bench.includes(means.bench ?? 'cluster')) return 'needs a cluster: Dikastes alone cannot prove it';
  if (needs.includes('browser') && !means.browser) {
    return 'needs a browser: install Chrome or Chromium, or add --install';
  }
  if (needs.includes('permissive before') && !means.permissiveBefore) {
    return 'needs a mesh that does not demand mutual TLS yet when the run begins';
  }
  if (needs.includes('uninjected before') && !means.uninjectedBefore) {
    return 'needs a front end that is not injected yet when the run begins';
  }
  return undefined;
}

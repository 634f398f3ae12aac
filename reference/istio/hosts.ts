/** Whether a host is one that a pattern stands for. */
export type HostMatches = (pattern: string, host: string) => boolean;

/**
 * The pattern that fits a host most closely: the host itself before wildcards, of those the longest, `*` last (Envoy,
 * `config/route/v3` VirtualHost.domains).
 */
export function closestHost(
  patterns: Iterable<string>,
  host: string,
  matches: HostMatches,
): string | undefined {
  let closest: string | undefined;
  for (const pattern of patterns) {
    if (matches(pattern, host) && (closest === undefined || isCloser(pattern, closest))) closest = pattern;
  }
  return closest;
}

function isCloser(one: string, other: string): boolean {
  const wild = (pattern: string) => pattern.startsWith('*');
  return wild(one) === wild(other) ? one.length > other.length : !wild(one);
}

/** The hosts that two patterns have in common, as a pattern; undefined when they have none. */
export function commonHosts(one: string, other: string, matches: HostMatches): string | undefined {
  if (matches(one, other)) return other;
  return matches(other, one) ? one : undefined;
}

/** A `Host` header without its port. */
export function withoutPort(authority: string): string {
  return authority.replace(/:\d+$/, '').toLowerCase();
}

import type { LogEntry } from './access-log.ts';

/**
 * The counters of Envoy that a finished request or connection raises, as far as its log entry tells: responses by
 * status of a cluster, what the filter that asks Dikastes did, and connections that no filter chain was for
 * (Envoy's documentation, Configuration reference: cluster and listener stats, and those of ext_authz).
 */
export function raisedBy({ upstreamCluster, status, flags, details, version }: LogEntry): string[] {
  const cluster = upstreamCluster === undefined ? undefined : `cluster.${upstreamCluster}`;
  const asked = { ext_authz_denied: 'denied', ext_authz_error: 'error' }[details ?? ''];
  return [
    ...(details === 'filter_chain_not_found' ? ['listener.0.0.0.0_15006.no_filter_chain_match'] : []),
    ...(cluster !== undefined && asked !== undefined ? [`${cluster}.ext_authz.${asked}`] : []),
    ...(cluster !== undefined && asked === undefined && version !== undefined && status > 0
      ? [`${cluster}.upstream_rq_${status}`, `${cluster}.upstream_rq_${Math.floor(status / 100)}xx`]
      : []),
    ...(cluster !== undefined && flags.includes('UF') ? [`${cluster}.upstream_cx_connect_fail`] : []),
  ];
}

import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { parseClusterName } from './names.ts';
import { type Scope, scopeOf } from './workload.ts';

/** A place in an EnvoyFilter that puts an HTTP filter into listeners. */
export interface InsertedFilter extends Scope {
  /** `SIDECAR_INBOUND`, `GATEWAY`, `ANY` … */
  context: string;
  filter: string;
  /** The host and port of the cluster that the filter asks; absent when it asks none. */
  asks?: { host: string; port: number };
}

interface Patch {
  applyTo?: string;
  match?: { context?: string };
  patch?: { operation?: string; value?: Value };
}

interface Value {
  name?: string;
  typed_config?: { grpc_service?: { envoy_grpc?: { cluster_name?: string } } };
}

const inserting = new Set(['ADD', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST']);

/** The HTTP filters that an EnvoyFilter inserts; its other patches change nothing here. */
export function insertedFilters(object: KubeObject): InsertedFilter[] {
  const { workloadSelector, configPatches = [] } = (object.spec ?? {}) as {
    workloadSelector?: { labels?: Record<string, string> };
    configPatches?: Patch[];
  };
  const scope = scopeOf(object, workloadSelector?.labels);
  return configPatches
    .filter(({ applyTo, patch }) => applyTo === 'HTTP_FILTER' && inserting.has(patch?.operation ?? ''))
    .map(({ match, patch }) => {
      const { name = '', typed_config } = patch?.value ?? {};
      const asks = parseClusterName(typed_config?.grpc_service?.envoy_grpc?.cluster_name ?? '');
      return { ...scope, context: match?.context ?? 'ANY', filter: name, ...(asks && { asks }) };
    });
}

/** The hosts and ports of a ServiceEntry, which are clusters of every proxy. */
export function entryPorts(object: KubeObject): { host: string; port: number }[] {
  const { hosts = [], ports = [] } = (object.spec ?? {}) as {
    hosts?: string[];
    ports?: { number: number }[];
  };
  return hosts.flatMap((host) => ports.map(({ number }) => ({ host, port: number })));
}

import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { parseClusterName } from './names.ts';
import { type Scope, scopeOf } from './workload.ts';

/** What passes through a proxy: of HTTP, each request; of everything else, the connection. */
export type Traffic = 'requests' | 'connections';

/** Whether a proxy asks Dikastes, and what becomes of what it gets no answer about. */
export type Asking = 'no' | 'fails closed' | 'fails open';

/** A place in an EnvoyFilter that puts a filter into listeners. */
export interface InsertedFilter extends Scope {
  /** `SIDECAR_INBOUND`, `GATEWAY`, `ANY` … */
  context: string;
  filter: string;
  traffic: Traffic;
  /** The host and port of the cluster that the filter asks; absent when it asks none. */
  asks?: { host: string; port: number };
  failsOpen: boolean;
}

interface Patch {
  applyTo?: string;
  match?: { context?: string };
  patch?: { operation?: string; value?: Value };
}

interface Value {
  name?: string;
  typed_config?: {
    failure_mode_allow?: boolean;
    grpc_service?: { envoy_grpc?: { cluster_name?: string } };
  };
}

const trafficOf: Record<string, Traffic> = { HTTP_FILTER: 'requests', NETWORK_FILTER: 'connections' };
const inserting = new Set(['ADD', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST']);

/** The HTTP and network filters that an EnvoyFilter inserts; its other patches change nothing here. */
export function insertedFilters(object: KubeObject): InsertedFilter[] {
  const { workloadSelector, configPatches = [] } = (object.spec ?? {}) as {
    workloadSelector?: { labels?: Record<string, string> };
    configPatches?: Patch[];
  };
  const scope = scopeOf(object, workloadSelector?.labels);
  return configPatches.flatMap(({ applyTo = '', match, patch }) => {
    const traffic = trafficOf[applyTo];
    if (traffic === undefined || !inserting.has(patch?.operation ?? '')) return [];
    const { name = '', typed_config } = patch?.value ?? {};
    const asks = parseClusterName(typed_config?.grpc_service?.envoy_grpc?.cluster_name ?? '');
    const failsOpen = typed_config?.failure_mode_allow === true;
    return [
      { ...scope, context: match?.context ?? 'ANY', filter: name, traffic, failsOpen, ...(asks && { asks }) },
    ];
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

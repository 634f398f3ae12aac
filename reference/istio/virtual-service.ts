import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { fullHost } from './names.ts';
import { type Scope, scopeOf } from './workload.ts';

/** Istio's `StringMatch`; one without fields asks only that there is a value. */
export interface StringMatch {
  exact?: string;
  prefix?: string;
  /** Of the whole value. */
  regex?: string;
}

/** Istio's `HTTPMatchRequest`, as far as the mesh knows it: all that it says must hold. */
export interface HttpMatch {
  uri?: StringMatch;
  ignoreUriCase?: boolean;
  method?: StringMatch;
  authority?: StringMatch;
  headers?: Record<string, StringMatch>;
  withoutHeaders?: Record<string, StringMatch>;
  /** For those of the VirtualService's gateways alone. */
  gateways?: string[];
}

export interface Destination {
  host: string;
  port?: { number: number };
}

export interface Retries {
  attempts?: number;
}

/** One of a VirtualService's routes; without matches it is for every request. */
export interface HttpRoute {
  match?: HttpMatch[];
  route?: { destination: Destination; weight?: number }[];
  directResponse?: { status: number; body?: { string?: string; bytes?: string } };
  retries?: Retries;
}

export interface VirtualService extends Scope {
  /** Full host names and wildcards. */
  hosts: string[];
  /** `namespace/name` of Gateways, and `mesh` for the sidecars. */
  gateways: string[];
  http: HttpRoute[];
}

/** The name under which VirtualServices speak of all sidecars. */
export const mesh = 'mesh';

interface Spec {
  hosts?: string[];
  gateways?: string[];
  http?: HttpRoute[];
}

export function virtualServiceOf(object: KubeObject): VirtualService {
  const { hosts = [], gateways = [mesh], http = [] } = (object.spec ?? {}) as Spec;
  const scope = scopeOf(object, undefined);
  const named = gateways.length === 0 ? [mesh] : gateways;
  return {
    ...scope,
    hosts: hosts.map((host) => fullHost(host, scope.namespace).toLowerCase()),
    gateways: named.map((gateway) => gatewayName(gateway, scope.namespace)),
    http: http.map((route) => withFullGateways(route, scope.namespace)),
  };
}

function withFullGateways(route: HttpRoute, namespace: string): HttpRoute {
  const { match } = route;
  if (match === undefined) return route;
  return {
    ...route,
    match: match.map(({ gateways, ...rest }) => ({
      ...rest,
      ...(gateways && { gateways: gateways.map((gateway) => gatewayName(gateway, namespace)) }),
    })),
  };
}

function gatewayName(gateway: string, namespace: string): string {
  return gateway === mesh || gateway.includes('/') ? gateway : `${namespace}/${gateway}`;
}

import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { parseDuration } from './duration.ts';
import { fullHost, rootNamespace } from './names.ts';
import { oldestFirst, type Scope, scopeOf } from './workload.ts';

/** A DestinationRule, as far as it says how connections are made. */
export interface DestinationRule extends Scope {
  /** A full host name or a wildcard. */
  host: string;
  /** Unscaled milliseconds. */
  connectTimeoutMs?: number;
  maxRequestsPerConnection?: number;
  tls?: 'DISABLE' | 'ISTIO_MUTUAL';
}

interface Spec {
  host?: string;
  trafficPolicy?: {
    connectionPool?: {
      tcp?: { connectTimeout?: string };
      http?: { maxRequestsPerConnection?: number };
    };
    tls?: { mode?: string };
  };
}

export function destinationRuleOf(object: KubeObject): DestinationRule {
  const { host = '', trafficPolicy = {} } = (object.spec ?? {}) as Spec;
  const { connectionPool: { tcp = {}, http = {} } = {}, tls } = trafficPolicy;
  const connectTimeoutMs = parseDuration(tcp.connectTimeout);
  // Zero stands for no limit.
  const most = http.maxRequestsPerConnection || undefined;
  const mode = tls?.mode;
  const scope = scopeOf(object, undefined);
  return {
    ...scope,
    host: fullHost(host, scope.namespace).toLowerCase(),
    ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
    ...(most !== undefined && { maxRequestsPerConnection: most }),
    ...((mode === 'DISABLE' || mode === 'ISTIO_MUTUAL') && { tls: mode }),
  };
}

/**
 * The rule for a host, as a proxy finds it: first in its own namespace, then in the host's, then in the root
 * namespace; in each the closest host and of several the oldest (istio `pilot/pkg/model/push_context.go`).
 */
export function ruleFor(
  rules: readonly DestinationRule[],
  host: string,
  namespaces: { proxy: string; host: string | undefined },
  closest: (hosts: readonly string[], host: string) => string | undefined,
): DestinationRule | undefined {
  // What the root namespace says for itself is for everyone, so it comes last for its own proxies too.
  const own = namespaces.proxy === rootNamespace ? undefined : namespaces.proxy;
  for (const namespace of [own, namespaces.host, rootNamespace]) {
    if (namespace === undefined) continue;
    const candidates = oldestFirst(rules.filter((rule) => rule.namespace === namespace));
    const found = closest(
      candidates.map((rule) => rule.host),
      host,
    );
    if (found !== undefined) return candidates.find((rule) => rule.host === found);
  }
  return undefined;
}
